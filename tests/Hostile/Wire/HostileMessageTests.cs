using System.Buffers;
using System.Globalization;
using Google.Protobuf;
using Inspection.Hostile.Tests.Pictures;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Protocol;
using Inspection.Protocol.Tests;
using Inspection.Protocol.Wire;

namespace Inspection.Hostile.Tests.Wire;

/// <summary>Bytes on the wire that nobody of ours would send: each is a whole message, or an error of the protocol's own kind.</summary>
public sealed class HostileMessageTests
{
    private const int Seed = 11;
    private const int Least = 10_000;

    /// <summary>Each of these is a few hundred bytes; a length that is believed would be gigabytes.</summary>
    private const long MostAllocatedAtOnce = 8 << 20;

    [Fact]
    public void A_changed_message_of_any_type_is_a_message_or_a_protocol_error()
    {
        var (random, counts) = (new Random(Seed), new SortedDictionary<string, (int Taken, int Refused)>(StringComparer.Ordinal));
        var per = (Least / Fill.MessageTypes.Count) + 1;
        foreach (var type in Fill.MessageTypes)
        {
            for (var i = 0; i < per; i++)
            {
                var message = new Fill(random.Next(), sparse: i % 5 == 0).Message(type);
                var (kind, bytes) = Change(ProtocolCodec.Encode(message), random);
                Count(counts, kind, Try(() => ProtocolCodec.Decode(ProtocolCodec.ManifestOf(message), bytes), e => e is ProtocolException, $"{type.Name}, {kind}: {Convert.ToHexString(bytes)}"));
            }
        }

        Say("4 messages of the codec", counts, Least);
    }

    [Fact]
    public void A_message_under_another_manifest_is_a_message_or_a_protocol_error()
    {
        var (random, counts) = (new Random(Seed), new SortedDictionary<string, (int Taken, int Refused)>(StringComparer.Ordinal));
        var messages = Fill.MessageTypes.Select(t => new Fill(random.Next()).Message(t)).ToArray();
        foreach (var message in messages)
        {
            var bytes = ProtocolCodec.Encode(message);
            foreach (var other in messages)
            {
                Count(counts, "another manifest", Try(() => ProtocolCodec.Decode(ProtocolCodec.ManifestOf(other), bytes), e => e is ProtocolException, $"{message.GetType().Name} as {other.GetType().Name}"));
            }
        }

        Say("4 messages under another manifest", counts, messages.Length * messages.Length);
    }

    [Fact]
    public void What_a_worker_says_is_a_message_or_an_argument_that_is_refused()
    {
        var (random, counts) = (new Random(Seed), new SortedDictionary<string, (int Taken, int Refused)>(StringComparer.Ordinal));
        for (var i = 0; i < Least; i++)
        {
            var (kind, bytes) = Change(random.Of(DataPlane.WorkerMessages).ToByteArray(), random);
            Count(counts, kind, Try(
                () =>
                {
                    // as the frame service reads it
                    var message = WorkerMessage.Parser.ParseFrom(bytes);
                    _ = WorkerPackages.Read(message.Hello?.Packages);
                    _ = message.Packages is { } packages ? WorkerPackages.Read(packages) : null;
                    _ = message.Answer is { } answer ? WorkAnswers.Read(answer) : null;
                },
                e => e is InvalidProtocolBufferException or ArgumentException,
                $"{kind}: {Convert.ToHexString(bytes)}"));
        }

        Say("4 messages of a worker", counts, Least);
    }

    [Fact]
    public void What_a_sensor_node_says_is_a_message_or_refused_and_no_slot_is_lost()
    {
        var (random, counts) = (new Random(Seed), new SortedDictionary<string, (int Taken, int Refused)>(StringComparer.Ordinal));
        using var room = new WorkerRoom(2, 4_096, 2, 4_096);
        var free = room.FreeTensors;
        for (var i = 0; i < Least; i++)
        {
            var (kind, bytes) = Change(random.Of(DataPlane.SensorMessages).ToByteArray(), random);
            Count(counts, kind, Try(
                () => InboundMessage.Read(new ReadOnlySequence<byte>(bytes), room).Slot?.Release(),
                e => e is InvalidProtocolBufferException,
                $"{kind}: {Convert.ToHexString(bytes)}"));
            Assert.Equal(free, room.FreeTensors);
        }

        Say("4 messages of a sensor node", counts, Least);
    }

    private static (string Kind, byte[] Bytes) Change(byte[] bytes, Random random) => (bytes.Length == 0 ? 4 : random.Next(7)) switch
    {
        0 => ("bits flipped", AnyFile.FlipBits(bytes, random)),
        1 => ("run overwritten", AnyFile.Overwrite(bytes, random)),
        2 => ("run lost or doubled", AnyFile.Shift(bytes, random)),
        3 => ("cut", AnyFile.Cut(bytes, random.Next(bytes.Length))),
        4 => ("noise", Noise(random)),
        5 => ("a field more", [.. bytes, .. DataPlane.Field(random)]),
        _ => ("a field first", [.. DataPlane.Field(random), .. bytes]),
    };

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(200)];
        random.NextBytes(noise);
        return noise;
    }

    /// <summary>True where it was taken; fails where it ends in another way, or takes memory that it was only told of.</summary>
    private static bool Try(Action read, Func<Exception, bool> refusal, string what)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var outcome = Record.Exception(read);
        Assert.True(outcome is null || refusal(outcome), $"{what}\n{outcome}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < MostAllocatedAtOnce, $"{what} took {GC.GetAllocatedBytesForCurrentThread() - before} bytes");
        return outcome is null;
    }

    private static void Count(SortedDictionary<string, (int Taken, int Refused)> counts, string kind, bool taken)
    {
        var (was, refused) = counts.GetValueOrDefault(kind);
        counts[kind] = taken ? (was + 1, refused) : (was, refused + 1);
    }

    private static void Say(string block, SortedDictionary<string, (int Taken, int Refused)> counts, int least)
    {
        Assert.InRange(counts.Values.Sum(c => c.Taken + c.Refused), least, int.MaxValue);
        static string Row(string kind, int taken, int refused) => string.Create(CultureInfo.InvariantCulture, $"{kind,-26}{taken + refused,7}{taken,8}{refused,9}");
        Summary.Write(block, [
            $"{"what was done",-26}{"cases",7}{"taken",8}{"refused",9}",
            Row($"all of {counts.Count} kinds", counts.Values.Sum(c => c.Taken), counts.Values.Sum(c => c.Refused)),
        ]);
    }
}
