using System.Buffers;
using Google.Protobuf;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Protocol.Wire;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>What a worker reads goes straight into a slot, however the connection cut it up.</summary>
public sealed class InboundMessageTests
{
    private static readonly byte[] _pixels = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    private static readonly SensorMessage _work = new()
    {
        Work = new Work { Offer = 5, Generation = 3, ExternalId = new string('x', 200), TimeLeftTicks = 1, Coarse = new CoarseTask { Package = ByteString.CopyFrom(new byte[32]) } },
        Payload = ByteString.CopyFrom(_pixels),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public void The_payload_lies_in_a_slot_and_the_rest_is_the_message(int segment)
    {
        using var room = new WorkerRoom(1, 1000, 1, 1);
        var inbound = InboundMessage.Read(Cut(_work.ToByteArray(), segment), room);
        Assert.Equal(_work.Work, inbound.Message.Work);
        Assert.True(inbound.Message.Payload.IsEmpty);
        Assert.True(inbound.Slot!.Tensor.SequenceEqual(_pixels));
        Assert.Equal(0, room.FreeTensors);
    }

    [Fact]
    public void A_payload_that_comes_before_other_fields_is_read_all_the_same()
    {
        using var room = new WorkerRoom(1, 1000, 1, 1);
        byte[] bytes = [.. new SensorMessage { Payload = _work.Payload }.ToByteArray(), .. new SensorMessage { Work = _work.Work }.ToByteArray()];
        var inbound = InboundMessage.Read(Cut(bytes, 64), room);
        Assert.Equal(_work.Work, inbound.Message.Work);
        Assert.True(inbound.Slot!.Tensor.SequenceEqual(_pixels));
    }

    [Fact]
    public void Work_for_which_there_is_no_room_is_a_reason_and_holds_nothing()
    {
        using var room = new WorkerRoom(1, 999, 1, 1);
        var inbound = InboundMessage.Read(Cut(_work.ToByteArray(), 64), room);
        Assert.Null(inbound.Slot);
        Assert.Contains("1000 bytes are more than a slot of this worker takes (999)", inbound.Problem, StringComparison.Ordinal);
        Assert.Equal(1, room.FreeTensors);
    }

    [Fact]
    public void Bytes_that_are_no_message_are_an_error() =>
        Assert.Throws<InvalidProtocolBufferException>(() => InboundMessage.Read(new ReadOnlySequence<byte>(new byte[] { 0x7A, 0xFF, 0xFF }), new WorkerRoom(1, 1, 1, 1)));

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        var first = new Segment(bytes.AsMemory(0, Math.Min(size, bytes.Length)), null);
        var last = first;
        for (var at = size; at < bytes.Length; at += size)
        {
            last = new Segment(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
