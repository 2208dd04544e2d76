using Akka.Actor;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Work;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>Sensor and worker node in one test process, over real gRPC on loopback, with real packages.</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class DataPlaneTests
{
    private const int Parts = 24;

    private readonly LineModels _models;

    private readonly ModelPackage _package;

    public DataPlaneTests(FittedModels fitted)
    {
        _models = PackageModels.Load(fitted.Coarse, fitted.Verifier);
        _package = PackageModels.Open(fitted.Coarse, ModelStage.Coarse, new PackageLoadOptions { RequireSignature = false });
    }

    [Fact]
    public async Task A_worker_node_gives_the_same_bits_as_a_worker_of_this_process()
    {
        using var local = new PlaneFrames(_models);
        await using var alone = await SensorRig.StartAsync();
        await alone.System.StartWorkers(alone.Dispatcher, new WorkerOptions { Detectors = 1, Verifiers = 1, Models = [_models] }, MonotonicClock.System).Ready;
        var expected = await InspectAsync(alone, local);

        using var remote = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync();
        await using var worker = new WorkerRig("worker-1", _models);
        worker.Finds(sensor);
        var found = await InspectAsync(sensor, remote);

        Assert.Contains(expected, e => e.Candidates.Count > 0);
        Assert.All(expected.Where(e => e.Candidates.Count > 0), e => Assert.All(e.Candidates, c => Assert.True(c.Verified)));
        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task A_drained_worker_loses_no_frame_and_the_rest_goes_to_another()
    {
        // slow enough that the drain comes in the middle
        var slow = PackageModels.Coarse(_package, new InferenceOptions(), new SimulatedLatency(TimeSpan.FromMilliseconds(50), TimeSpan.Zero));
        var models = new LineModels(slow, _models.Verifier);
        using var frames = new PlaneFrames(models);
        await using var sensor = await SensorRig.StartAsync();
        await using var first = new WorkerRig("worker-1", models);
        first.Finds(sensor);
        for (var part = 1; part <= Parts; part++)
        {
            sensor.Dispatcher.Tell(frames.Take(part));
        }

        _ = await frames.EndedAsync(1, "frames before the drain");
        var drained = await first.Links.Ask<LinkMessages.Drained>(new LinkMessages.Drain(), TimeSpan.FromSeconds(60));
        Assert.True(drained.Complete);
        Assert.True(frames.Ended.Count < Parts, "the drain came too late to show anything");
        await using var second = new WorkerRig("worker-2", models);
        second.Finds(sensor);
        var ended = await frames.EndedAsync(Parts, "frames in all");
        Assert.All(ended, t => Assert.Equal(ViewOutcome.Scored, t.Outcome));
        Assert.Equal(Parts, ended.Select(t => t.Key.Counter).Distinct().Count());
        var counts = await Eventually.SeesAsync(() => Task.FromResult(sensor.Counts), c => c.Answered == Parts, "the dispatcher's own count");
        Assert.Equal(0, counts.BreakReoffers);
    }

    [Fact]
    public async Task A_link_comes_back_when_its_sensor_node_does()
    {
        using var frames = new PlaneFrames(_models);
        await using var worker = new WorkerRig("worker-1", _models);
        await using (var before = await SensorRig.StartAsync())
        {
            worker.Finds(before);
            _ = await worker.SeesLinkAsync(l => l.Connected, "the link");
        }

        _ = await worker.SeesLinkAsync(l => !l.Connected && l.Trouble.Length > 0, "the broken link");
        await using var after = await SensorRig.StartAsync();
        worker.Finds(after);
        after.Dispatcher.Tell(frames.Take(1));
        var ended = await frames.EndedAsync(1, "frames of the new sensor node");
        Assert.Equal(ViewOutcome.Scored, ended[0].Outcome);
    }

    [Fact]
    public async Task Another_version_of_the_protocol_is_refused_in_words()
    {
        await using var sensor = await SensorRig.StartAsync();
        await using var worker = new WorkerRig("worker-1", _models, version: FrameContract.ProtocolVersion + 1);
        worker.Finds(sensor);
        var link = await worker.SeesLinkAsync(l => l.Trouble.Contains("refused", StringComparison.Ordinal), "the refusal");
        Assert.Contains($"sensor node sensor-1 speaks version {FrameContract.ProtocolVersion} of the data plane, worker worker-1 version {FrameContract.ProtocolVersion + 1}", link.Trouble, StringComparison.Ordinal);
        Assert.False(link.Connected);
    }

    [Fact]
    public async Task A_worker_whose_package_is_not_the_lines_gets_nothing()
    {
        var time = new HandClock();
        var clock = new MonotonicClock(time);
        using var frames = new PlaneFrames(_models, clock: clock);
        await using var sensor = await SensorRig.StartAsync(clock: clock);
        await using var other = await FakeWorker.ConnectAsync(sensor, "worker-2", models: null, coarse: 4, verify: 4);
        sensor.Dispatcher.Tell(frames.Take(1, TimeSpan.FromSeconds(1)));
        time.Advance(TimeSpan.FromSeconds(1));
        var ended = await frames.EndedAsync(1, "frames that nobody can look at");
        Assert.Equal(ViewOutcome.Shed, ended[0].Outcome);
        Assert.False(other.HasMessage);
    }

    [Fact]
    public async Task Workers_of_this_process_come_first()
    {
        using var frames = new PlaneFrames(_models);
        await using var sensor = await SensorRig.StartAsync();
        await using var remote = await FakeWorker.ConnectAsync(sensor, "worker-2", _models, coarse: 4);
        await sensor.System.StartWorkers(sensor.Dispatcher, new WorkerOptions { Detectors = 1, Verifiers = 0, Models = [_models] }, MonotonicClock.System).Ready;
        for (var part = 1; part <= 4; part++)
        {
            await sensor.FreeAsync();
            sensor.Dispatcher.Tell(frames.Take(part));
            _ = await frames.EndedAsync(part, "frames one by one");
        }

        Assert.False(remote.HasMessage, "a frame travelled while a worker of this process was free");
    }

    /// <summary>All parts through coarse, candidates through verify; the records in order.</summary>
    private static async Task<ViewEvidence[]> InspectAsync(SensorRig sensor, PlaneFrames frames)
    {
        for (var part = 1; part <= Parts; part++)
        {
            sensor.Dispatcher.Tell(frames.Take(part));
        }

        var scored = await frames.EndedAsync(Parts, "coarse answers");
        Assert.All(scored, t => Assert.Equal(ViewOutcome.Scored, t.Outcome));
        var candidates = frames.Candidates(scored);
        foreach (var ticket in candidates)
        {
            sensor.Dispatcher.Tell(ticket);
        }

        _ = await frames.EndedAsync(candidates.Count, "verifier answers");
        return PlaneFrames.Records(scored);
    }
}
