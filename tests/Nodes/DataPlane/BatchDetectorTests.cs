using Akka.Actor;
using Inspection.Decisions.Work;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Work;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>Rule W5: sessions that run batches, and the simulated one.</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class BatchDetectorTests
{
    private const int Parts = 48;

    private readonly ModelPackage _package;

    public BatchDetectorTests(FittedModels fitted) => _package = PackageModels.Open(fitted.Coarse, ModelStage.Coarse, new PackageLoadOptions { RequireSignature = false });

    [Fact]
    public async Task Frames_that_wait_run_together_and_each_gets_its_own_answer()
    {
        var session = new RecordingSession(_package);
        var models = new LineModels(new CoarseModel(_package.Directory, _package.Manifest, _package.Policy, () => session), null);
        using var frames = new PlaneFrames(models);
        await using var sensor = await SensorRig.StartAsync();
        var tickets = Enumerable.Range(1, Parts).Select(i => frames.Take(i)).ToArray();
        foreach (var ticket in tickets)
        {
            sensor.Dispatcher.Tell(ticket);
        }

        await Workers(sensor, models).Ready;
        var ended = await frames.EndedAsync(Parts, "answers of batches");
        Assert.All(ended, t => Assert.Equal((ViewOutcome.Scored, (float)t.Slot!.Index), (t.Outcome, t.CoarseScore)));
        Assert.Contains(session.Runs, r => r.Count > 1);
        Assert.All(session.Runs, r => Assert.True(r.Count <= r.Bucket && BatchPlannerOptions.GpuBuckets.Contains(r.Bucket)));
    }

    [Fact]
    public async Task A_batch_that_fails_falls_back_and_the_next_one_runs()
    {
        var session = new RecordingSession(_package) { Fails = 1 };
        var models = new LineModels(new CoarseModel(_package.Directory, _package.Manifest, _package.Policy, () => session), null);
        using var frames = new PlaneFrames(models);
        await using var sensor = await SensorRig.StartAsync();
        await Workers(sensor, models).Ready;
        sensor.Dispatcher.Tell(frames.Take(1));
        Assert.Equal(ViewOutcome.NoModel, (await frames.EndedAsync(1, "failures"))[0].Outcome);
        for (var part = 2; part <= Parts; part++)
        {
            sensor.Dispatcher.Tell(frames.Take(part));
        }

        Assert.All((await frames.EndedAsync(Parts, "answers")).Skip(1), t => Assert.Equal(ViewOutcome.Scored, t.Outcome));
    }

    [Fact]
    public async Task A_simulated_run_finds_parts_bad_and_says_for_ever_that_it_was_simulated()
    {
        var simulated = PackageModels.Coarse(_package, new InferenceOptions(), new SimulatedLatency(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(0.5)));
        var models = new LineModels(simulated, null);
        using var frames = new PlaneFrames(models);
        await using var sensor = await SensorRig.StartAsync();
        await Workers(sensor, models).Ready;
        sensor.Dispatcher.Tell(frames.Take(1));
        var view = (await frames.EndedAsync(1, "answers"))[0].ToEvidence(PlaneFrames.Camera);
        Assert.Equal("simulated", view.Coarse!.Provider);
        Assert.Equal(_package.Policy.ModelDigest, view.Coarse.ModelDigest);
        var judged = Decisions.Policy.ViewPolicy.Judge(view, hasVerifier: false, _ => _package.Policy);
        Assert.Equal(Conclusion.Decided(Verdict.Ng), judged.Conclusion); // left on by mistake, nothing passes
    }

    private static InferenceWorkers Workers(SensorRig sensor, LineModels models) => sensor.System.StartWorkers(
        sensor.Dispatcher,
        new WorkerOptions { Detectors = 1, Verifiers = 0, Models = [models], Batching = BatchPlannerOptions.Gpu },
        MonotonicClock.System);

    /// <summary>Scores a frame by the number of its slot.</summary>
    private sealed class RecordingSession(ModelPackage package) : IBatchSession
    {
        private readonly SimulatedCoarseSession _inner = new(package, new SimulatedLatency(TimeSpan.Zero, TimeSpan.Zero));

        public List<(int Count, int Bucket)> Runs { get; } = [];

        public int Fails { get; set; }

        public PackageManifest Manifest => _inner.Manifest;

        public InferenceStamp Stamp => _inner.Stamp;

        public ReadOnlySpan<float> AnomalyMap => _inner.AnomalyMap;

        public CoarseResult Run(FrameSlot slot) => throw new InvalidOperationException("one frame at a time");

        public void Run(ReadOnlySpan<FrameSlot> slots, int bucket, Span<CoarseResult> results)
        {
            if (Fails-- > 0)
            {
                throw new InvalidOperationException("out of memory");
            }

            Runs.Add((slots.Length, bucket));
            for (var i = 0; i < slots.Length; i++)
            {
                results[i] = new CoarseResult(slots[i].Index, 0);
            }
        }

        public ReadOnlySpan<float> MapOf(int index) => _inner.MapOf(index);

        public void Dispose()
        {
        }
    }
}
