using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Sensor;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
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
    public void An_answer_that_overtakes_the_end_of_its_write_is_handed_back_with_the_slot_free()
    {
        var ticket = _frames.Take(1);
        var work = Encode(ticket);
        Assert.True(work.TryBegin(MonotonicClock.System.Now, _room, out _));
        work.Done(ticket);
        Assert.Empty(_frames.Ended);
        work.End();
        Assert.Same(ticket, Assert.Single(_frames.Ended));
        ticket.Slot!.Release();
        Assert.Equal(1, _frames.Ring.Free);
    }

    [Fact]
    public void An_answer_after_its_write_is_handed_back_at_once_and_once()
    {
        var ticket = _frames.Take(1);
        var work = Encode(ticket);
        Assert.True(work.TryBegin(MonotonicClock.System.Now, _room, out _));
        work.End();
        work.Done(ticket);
        Assert.Same(ticket, Assert.Single(_frames.Ended));
    }

    [Fact]
    public void A_camera_has_no_room_while_its_slots_are_still_being_written()
    {
        var plan = new CameraPlan { Camera = PlaneFrames.Camera, RingSlots = 2, MaxMegapixels = 0.01, FrozenAfter = 0 };
        var port = new CameraPort(plan, _frames.Models);
        for (var part = 1; part <= 2; part++)
        {
            Assert.True(port.HasRoom);
            port.Expose(new TriggerKey(new LineId("l1"), new StationId("s1"), 1, part), "part", TimeSpan.MaxValue, 0);
        }

        Assert.False(port.HasRoom);
        for (var part = 1; part <= 2; part++)
        {
            Assert.True(port.Inbox.TryTake(TimeSpan.Zero, static () => { }, out var ticket));
            Assert.True(port.Ring.TryRent(out var slot));
            ticket.Slot = slot;
            port.Inbox.Captured();
            slot.AddReference();
            port.Return(ticket);
        }

        Assert.False(port.HasRoom, "both slots are still being written");
        port.Ring.Slots[0].Release();
        Assert.True(port.HasRoom);
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
