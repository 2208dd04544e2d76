using Inspection.Embedded;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Vision.Frames;
using Inspection.Vision.Work;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>Rule W3: a slot is not filled again while its bytes are being written.</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class OutboundWorkTests : IDisposable
{
    private readonly PlaneFrames _frames;
    private readonly NativeRoom _room = new();

    public OutboundWorkTests(FittedModels fitted) => _frames = new PlaneFrames(PackageModels.Load(fitted.Coarse, null), slots: 1);

    public void Dispose()
    {
        _room.Dispose();
        _frames.Dispose();
    }

    [Fact]
    public void A_ticket_given_up_while_its_bytes_are_written_does_not_free_its_slot()
    {
        var ticket = _frames.Take(1);
        var tensor = ticket.Slot!.Tensor.ToArray();
        var work = Encode(ticket);
        Assert.True(work.TryBegin(MonotonicClock.System.Now, _room, out var message));
        work.Withdraw();
        ticket.Slot.Release();
        Assert.False(_frames.Ring.TryRent(out _), "the slot was free while its bytes were being written");
        Assert.True(message.Payload.Span.SequenceEqual(tensor));
        work.End();
        Assert.True(_frames.Ring.TryRent(out _));
    }

    [Fact]
    public void Work_that_nobody_wants_any_more_frees_its_slot_before_it_is_written_and_is_never_written()
    {
        var ticket = _frames.Take(1);
        var work = Encode(ticket);
        ticket.Slot!.Release();
        Assert.Equal(0, _frames.Ring.Free);
        work.Withdraw();
        work.Withdraw();
        Assert.Equal(1, _frames.Ring.Free);
        Assert.False(work.TryBegin(MonotonicClock.System.Now, _room, out _));
        Assert.Equal(1, _frames.Ring.Free);
    }

    [Fact]
    public void Nothing_left_is_not_sent()
    {
        var ticket = _frames.Take(1);
        var work = Encode(ticket);
        ticket.Slot!.Release();
        Assert.False(work.TryBegin(ticket.DeadlineAt, _room, out _));
        Assert.Equal(1, _frames.Ring.Free);
    }

    [Fact]
    public void What_travels_is_the_time_left_and_the_tensor_where_it_lies()
    {
        var ticket = _frames.Take(1);
        Assert.True(Encode(ticket).TryBegin(ticket.DeadlineAt - TimeSpan.FromSeconds(3), _room, out var message));
        Assert.Equal(TimeSpan.FromSeconds(3).Ticks, message.Work.TimeLeftTicks);
        Assert.True(message.Payload.Span.Overlaps(ticket.Slot!.Tensor, out var offset));
        Assert.Equal(0, offset);
    }

    private static OutboundWork Encode(FrameTicket ticket) =>
        WorkEncoder.Encode(new Decisions.Work.Offer<FrameTicket>(7, default, ticket, default, TimeSpan.FromSeconds(1), false, 1), null);
}
