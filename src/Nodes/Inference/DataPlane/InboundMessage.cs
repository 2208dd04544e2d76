using System.Buffers;
using Google.Protobuf;
using Inspection.Decisions.Work;
using Inspection.Protocol.Wire;
using Inspection.Vision.Frames;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>
/// A message of a sensor node as a worker reads it: the payload is copied once, from the connection's buffers into a slot, and never becomes a
/// managed array.
/// </summary>
/// <param name="Message">All but the payload.</param>
/// <param name="Slot">Holds the payload; null where there is none.</param>
/// <param name="PayloadBytes">Its size.</param>
/// <param name="Problem">Why there is no slot although there is work; else empty.</param>
internal sealed record InboundMessage(SensorMessage Message, FrameSlot? Slot, long PayloadBytes, string Problem)
{
    private const int LengthDelimited = 2;
    private const uint PayloadTag = (SensorMessage.PayloadFieldNumber << 3) | LengthDelimited;

    /// <exception cref="InvalidProtocolBufferException">It is no SensorMessage.</exception>
    public static InboundMessage Read(in ReadOnlySequence<byte> bytes, WorkerRoom room)
    {
        var (head, payload) = Split(bytes);
        var message = SensorMessage.Parser.ParseFrom(head);
        if (message.MessageCase != SensorMessage.MessageOneofCase.Work)
        {
            return new InboundMessage(message, null, payload.Length, "");
        }

        // a writer that puts the payload before other fields is read the ordinary way
        var pixels = message.Payload.IsEmpty ? payload : new ReadOnlySequence<byte>(message.Payload.Memory);
        var stage = message.Work.TaskCase == Work.TaskOneofCase.Verify ? WorkStage.Verify : WorkStage.Coarse;
        return room.TryTake(stage, pixels, out var slot, out var problem)
            ? new InboundMessage(message, slot, pixels.Length, "")
            : new InboundMessage(message, null, pixels.Length, problem);
    }

    /// <summary>The message before its last field and that field's bytes, where it is the payload; else all of it and nothing.</summary>
    private static (ReadOnlySequence<byte> Head, ReadOnlySequence<byte> Payload) Split(in ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        while (!reader.End)
        {
            var start = reader.Position;
            if (!TryReadVarint(ref reader, out var tag) || (tag & 7) != LengthDelimited || !TryReadVarint(ref reader, out var length) || (long)length > reader.Remaining)
            {
                break;
            }

            if (tag == PayloadTag)
            {
                return (long)length == reader.Remaining ? (bytes.Slice(0, start), bytes.Slice(reader.Position)) : (bytes, default);
            }

            reader.Advance((long)length);
        }

        return (bytes, default);
    }

    private static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (!reader.TryRead(out var part))
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
