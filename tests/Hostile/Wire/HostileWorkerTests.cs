using Akka.Actor;
using Google.Protobuf;
using Grpc.Core;
using Inspection.Decisions.Policy;
using Inspection.Decisions.Work;
using Inspection.Embedded;
using Inspection.Hostile.Tests.Pictures;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Nodes.Tests.DataPlane;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;
using PixelBox = Inspection.Protocol.Wire.PixelBox;

namespace Inspection.Hostile.Tests.Wire;

/// <summary>Workers that lie, babble or flood, against a real frame server: none of it is evidence, and the frame then goes to an honest one.</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class HostileWorkerTests
{
    private const int Seed = 23;

    /// <summary>What the whole test process may hold more after a flood of a gigabyte.</summary>
    private const long MostMemoryMore = 256L << 20;

    private static readonly WorkLeasesOptions _long = new() { MinLease = TimeSpan.FromMinutes(10), MaxLease = TimeSpan.FromMinutes(10), FirstUseLease = TimeSpan.FromMinutes(10) };

    /// <summary>What the answer to an offer of a coarse run may be, other than an answer.</summary>
    private static readonly Dictionary<string, Action<Answer>> _lies = new()
    {
        ["no result"] = a => a.ClearResult(),
        ["verified, not scored"] = a => a.Verified = new Verified { Stamp = a.Scored.Stamp, ProbabilityBits = { 0, 0 } },
        ["without a stamp"] = a => a.Scored.Stamp = null,
        ["a digest too short"] = a => a.Scored.Stamp.ModelDigest = ByteString.CopyFrom(1, 2, 3),
        ["a region outside"] = a => a.Scored.Regions.Add(new Region { Box = new PixelBox { X = 5_000, Y = 0, Width = 10, Height = 10 } }),
        ["a region whose end overflows"] = a => a.Scored.Regions.Add(new Region { Box = new PixelBox { X = int.MaxValue, Y = 0, Width = 10, Height = 10 } }),
        ["a region whose bottom overflows"] = a => a.Scored.Regions.Add(new Region { Box = new PixelBox { X = 0, Y = 8, Width = 8, Height = int.MaxValue } }),
        ["a region of negative size"] = a => a.Scored.Regions.Add(new Region { Box = new PixelBox { X = 8, Y = 8, Width = -4, Height = 4 } }),
        ["a region without a box"] = a => a.Scored.Regions.Add(new Region()),
        ["a thousand regions"] = a => a.Scored.Regions.Add(Enumerable.Range(0, 1_000).Select(_ => new Region { Box = new PixelBox { X = 0, Y = 0, Width = 1, Height = 1 } })),
        ["another generation"] = a => a.Generation ^= 1,
    };

    private readonly LineModels _models;

    public HostileWorkerTests(FittedModels fitted) => _models = PackageModels.Load(fitted.Coarse, fitted.Verifier);

    [Fact]
    public async Task A_lie_ends_the_stream_in_words_is_no_evidence_and_an_honest_worker_gets_the_frame()
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        sensor.Dispatcher.Tell(frames.Take(1));
        foreach (var (what, lie) in _lies)
        {
            await using var worker = await FakeWorker.ConnectAsync(sensor, "liar", _models, coarse: 1);
            var answer = Honest(await worker.WorkAsync($"the frame, for {what}"));
            lie(answer);
            await worker.SayAsync(new WorkerMessage { Answer = answer });
            var end = await Assert.ThrowsAsync<RpcException>(() => worker.Ended.WaitAsync(SensorRig.Patience));
            Assert.True(end.StatusCode == StatusCode.FailedPrecondition && end.Status.Detail.Length > 0, $"{what}: {end.Status}");
            Assert.Empty(frames.Ended);
        }

        Assert.Equal(0.25f, (await HonestlyAsync(sensor, frames)).CoarseScore);
    }

    [Fact]
    public async Task An_answer_to_an_offer_never_made_is_no_evidence()
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        sensor.Dispatcher.Tell(frames.Take(1));
        await using (var worker = await FakeWorker.ConnectAsync(sensor, "guesser", _models, coarse: 1))
        {
            var work = await worker.WorkAsync("the frame");
            foreach (var offer in (long[])[work.Offer + 1, work.Offer - 1, 0, -1, long.MaxValue, long.MinValue])
            {
                var guess = Honest(work);
                guess.Offer = offer;
                await worker.SayAsync(new WorkerMessage { Answer = guess });
            }
        }

        Assert.Equal(0.25f, (await HonestlyAsync(sensor, frames)).CoarseScore);
        Assert.Single(frames.Ended);
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(0, float.NaN)]
    [InlineData(0, float.NegativeInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public async Task A_score_that_is_no_number_is_never_OK(float score, float ood)
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        sensor.Dispatcher.Tell(frames.Take(1));
        await using var worker = await FakeWorker.ConnectAsync(sensor, "worker-1", _models, coarse: 1);
        var answer = Honest(await worker.WorkAsync("the frame"));
        (answer.Scored.CoarseScoreBits, answer.Scored.OodScoreBits) = (BitConverter.SingleToUInt32Bits(score), BitConverter.SingleToUInt32Bits(ood));
        answer.Scored.Stamp.ModelDigest = Protocol.DataPlaneValues.ToWire(_models.Coarse.Policy.ModelDigest);
        await worker.SayAsync(new WorkerMessage { Answer = answer });
        var evidence = Assert.Single(PlaneFrames.Records(await frames.EndedAsync(1, "answers")));
        var judged = ViewPolicy.Judge(evidence, hasVerifier: true, _ => _models.Coarse.Policy);
        Assert.Equal(Protocol.Conclusion.FellBack(Protocol.FallbackReason.NotInspectable), judged.Conclusion);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_end_their_own_stream_and_nothing_else()
    {
        const int streams = 60;
        var random = new Random(Seed);
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        byte[] hello = Hello("babbler").ToByteArray();
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < streams; i++)
        {
            using var worker = new RawWorker(sensor);
            if (i % 2 == 0)
            {
                await worker.SayAsync(hello);
            }

            byte[] babble = i % 3 == 0 ? [0xFF, 0xFF, 0xFF, .. DataPlane.Field(random)] : AnyFile.Cut(Hello("x").ToByteArray(), random.Next(1, 8));
            await worker.SayAsync([.. babble, 0x0F]); // a tag of a wire type that there is none of
            var end = (await worker.EndAsync()).ToString();
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        Assert.DoesNotContain(nameof(StatusCode.DeadlineExceeded), ends.Keys);
        Summary.Write("5 streams of bytes that are no message, by how they ended", [.. ends.Select(e => $"{e.Key,-26}{e.Value,7}")]);
        sensor.Dispatcher.Tell(frames.Take(1));
        Assert.Equal(0.25f, (await HonestlyAsync(sensor, frames)).CoarseScore);
    }

    [Fact]
    public async Task A_message_above_the_limit_is_refused_and_a_flood_of_large_ones_holds_no_memory()
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync(_long);
        using (var large = new RawWorker(sensor))
        {
            await large.SayAsync(new byte[FrameContract.MaxMessageBytes + 1]);
            Assert.Equal(StatusCode.ResourceExhausted, await large.EndAsync());
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using (var flood = await FakeWorker.ConnectAsync(sensor, "flood", _models, coarse: 0))
        {
            var message = new WorkerMessage { Packages = new Packages { CoarseLoadable = { Enumerable.Range(0, 16_000).Select(i => Protocol.DataPlaneValues.ToWire(Digest.Of(BitConverter.GetBytes(i)))) } } };
            for (var i = 0; i < 500; i++)
            {
                await flood.SayAsync(message);
            }

            sensor.Dispatcher.Tell(frames.Take(1));
            Assert.Equal(0.25f, (await HonestlyAsync(sensor, frames)).CoarseScore);
        }

        var more = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(more < MostMemoryMore, $"{more >> 20} MiB are held more");
    }

    [Theory]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(0u, uint.MaxValue)]
    [InlineData(1_025u, 1u)]
    public async Task Credit_beyond_reason_ends_the_stream(uint coarse, uint verify)
    {
        await using var sensor = await SensorRig.StartAsync(_long);
        await using var worker = await FakeWorker.ConnectAsync(sensor, "greedy", _models, coarse: 0);
        await worker.SayAsync(new WorkerMessage { Credit = new Credit { Coarse = coarse, Verify = verify } });
        var end = await Assert.ThrowsAsync<RpcException>(() => worker.Ended.WaitAsync(SensorRig.Patience));
        Assert.Equal(StatusCode.FailedPrecondition, end.StatusCode);
    }

    private async Task<FrameTicket> HonestlyAsync(SensorRig sensor, PlaneFrames frames)
    {
        await using var honest = await FakeWorker.ConnectAsync(sensor, "honest", _models, coarse: 1);
        await honest.ScoreAsync(await honest.WorkAsync("the frame, at last"), 0.25f);
        return (await frames.EndedAsync(1, "answers"))[0];
    }

    private WorkerMessage Hello(string name) => new()
    {
        Hello = new Hello { ProtocolVersion = FrameContract.ProtocolVersion, Node = name, Packages = new Packages { CoarseLoadable = { Protocol.DataPlaneValues.ToWire(_models.Coarse.Package) } } },
    };

    private static Answer Honest(Work work) => new()
    {
        Offer = work.Offer,
        Generation = work.Generation,
        Scored = new Scored { CoarseScoreBits = BitConverter.SingleToUInt32Bits(0.75f), OodScoreBits = 0, Stamp = DataPlane.Stamp.Clone() },
    };
}
