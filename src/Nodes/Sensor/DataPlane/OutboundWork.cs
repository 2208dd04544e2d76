using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;
using PixelBox = Inspection.Protocol.PixelBox;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>
/// One offer on its way to a worker. Everything was taken from the ticket when the offer was made: the ticket may be given up and used again
/// while this is being written, so it is not touched from here. Holds its own reference to the slot until the write has ended, so that the
/// slot cannot be filled again before (rule W3). Any thread.
/// </summary>
internal sealed class OutboundWork
{
    private const int Waiting = 0;
    private const int Writing = 1;
    private const int Ended = 2;

    private readonly SensorMessage _message;
    private readonly FrameSlot _slot;
    private readonly TimeSpan _deadlineAt;
    private readonly PixelBox[] _regions;
    private readonly EquatableList<FractionBox> _masks;
    private int _state = Waiting;
    private FrameTicket? _answered;

    /// <param name="message">Without payload and time left.</param>
    /// <param name="slot">Held by the caller; one more reference is taken.</param>
    /// <param name="deadlineAt">Monotonic.</param>
    /// <param name="regions">What is to be verified; empty for the coarse stage, whose payload is the tensor.</param>
    /// <param name="classes">Of the verifier.</param>
    /// <param name="masks">What the verifier's preparation hides.</param>
    public OutboundWork(SensorMessage message, FrameSlot slot, TimeSpan deadlineAt, PixelBox[] regions, int classes, EquatableList<FractionBox> masks)
    {
        slot.AddReference();
        (_message, _slot, _deadlineAt, _regions, _masks) = (message, slot, deadlineAt, regions, masks);
        var stage = regions.Length == 0 ? WorkStage.Coarse : WorkStage.Verify;
        Question = new WorkQuestion(message.Work.Generation, stage, regions.Length, classes, slot.Geometry.FrameWidth, slot.Geometry.FrameHeight);
    }

    public long Offer => _message.Work.Offer;

    /// <summary>What its answer must fit.</summary>
    public WorkQuestion Question { get; }

    /// <summary>The offer before, of the same work: its lease expired.</summary>
    public OutboundWork? Earlier { get; init; }

    /// <summary>The message with its payload in native memory, valid until <see cref="End"/>; false where it was withdrawn or no time is left (rule L4).</summary>
    /// <param name="room">Where crops are cut into.</param>
    public bool TryBegin(TimeSpan now, NativeRoom room, [NotNullWhen(true)] out SensorMessage? message)
    {
        message = null;
        if (Interlocked.CompareExchange(ref _state, Writing, Waiting) != Waiting)
        {
            return false;
        }

        if (_deadlineAt <= now)
        {
            End();
            return false;
        }

        _message.Work.TimeLeftTicks = (_deadlineAt - now).Ticks;
        _message.Payload = UnsafeByteOperations.UnsafeWrap(_regions.Length == 0 ? _slot.TensorMemory : Crops(room));
        message = _message;
        return true;
    }

    /// <summary>The write has ended, well or badly.</summary>
    public void End()
    {
        _message.Payload = ByteString.Empty;
        _slot.Release();
        _ = Interlocked.Exchange(ref _state, Ended);
        HandBack();
    }

    /// <summary>
    /// Gives the answered ticket back, where this is still being written as soon as that has ended: an answer may overtake the end of its own
    /// write, and whoever gets the ticket counts on its slot. The caller holds the ticket no more.
    /// </summary>
    public void Done(FrameTicket ticket)
    {
        _ = Interlocked.Exchange(ref _answered, ticket);
        if (Volatile.Read(ref _state) != Writing)
        {
            HandBack();
        }
    }

    /// <summary>Nobody wants it any more: where the write has not begun, it never will, and the slot is let go at once.</summary>
    public void Withdraw()
    {
        if (Interlocked.CompareExchange(ref _state, Ended, Waiting) == Waiting)
        {
            _slot.Release();
        }
    }

    private void HandBack()
    {
        if (Interlocked.Exchange(ref _answered, null) is { } ticket)
        {
            ticket.Done(ticket);
        }
    }

    private Memory<byte> Crops(NativeRoom room)
    {
        var crops = room.Of(CropPacking.Length(_slot, _regions));
        CropPacking.Pack(_slot, _regions, _masks.AsSpan(), crops.Span);
        return crops;
    }
}
