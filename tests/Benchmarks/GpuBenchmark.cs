using System.Diagnostics;
using System.Globalization;
using Inspection.Benchmarks.Rig;
using Inspection.Decisions.Work;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Work;

namespace Inspection.Benchmarks;

/// <summary>
/// Frames a second of a real coarse model on a GPU, a batch size after the other: the bare session over one bound batch, the product's batch
/// session (gathers every frame), and the product from its work dispatcher on, through the batch planner. Needs the GPU flavour and a GPU.
/// INSPECTION_BENCH_PACKAGE names a coarse package; without it one is fitted. INSPECTION_BENCH_PROVIDER: cuda (default), tensorrt, or cpu to
/// try the benchmark itself.
/// </summary>
internal static class GpuBenchmark
{
    private const int Side = 256;
    private const int Slots = 256;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    public static async Task<Report> RunAsync()
    {
        var provider = Enum.Parse<InferenceProvider>(Environment.GetEnvironmentVariable("INSPECTION_BENCH_PROVIDER") ?? "cuda", ignoreCase: true);
        var report = new Report($"A coarse model on a GPU, provider {provider.ToString().ToLowerInvariant()}", "./dev bench gpu");
        using var work = new Workspace();
        var package = PackageModels.Open(Package(work), ModelStage.Coarse, new PackageLoadOptions { RequireSignature = false });
        InferenceOptions[] ways = provider == InferenceProvider.Cuda
            ? [new() { Provider = provider }, new() { Provider = provider, Tf32 = true }, new() { Provider = provider, CudaGraphs = true }]
            : [new() { Provider = provider }];
        foreach (var options in ways)
        {
            var name = $"{(options.Tf32 ? "tf32" : "fp32")}{(options.CudaGraphs ? ", CUDA graphs" : "")}";
            try
            {
                await MeasureAsync(report, package, options, name, bounded: options == ways[0]);
            }
            catch (ProviderUnavailableException e)
            {
                report.Note($"NOTHING WAS MEASURED of {name}: there is no such GPU session here. {e.Message}");
                break;
            }
            catch (PackageException e)
            {
                report.Note($"{name} is refused: {e.Message}");
            }
        }

        return report;
    }

    private static string Package(Workspace work)
    {
        if (Environment.GetEnvironmentVariable("INSPECTION_BENCH_PACKAGE") is { Length: > 0 } given)
        {
            return given;
        }

        _ = FittedPackage.Fit(work["package"], work["data"], Side);
        return work["package"];
    }

    private static async Task MeasureAsync(Report report, ModelPackage package, InferenceOptions options, string name, bool bounded)
    {
        var spec = package.Manifest.Preparation;
        using var ring = new FrameRing(options.Batches[^1], 1, spec.TensorLength);
        var slots = Enumerable.Range(0, options.Batches[^1]).Select(i => Rent(ring, i)).ToArray();
        double most;
        using (var session = new OnnxBatchSession(package, options))
        {
            GoldenVectors.Check(package, session, options.Batches);
            var results = new CoarseResult[slots.Length];
            report.Add($"{name}: largest difference of a score from the CPU's, relative", Difference(package, session, slots, results), "");
            foreach (var bucket in options.Batches)
            {
                var bare = Rate(bucket, () => session.RunAgain(bucket, spec.Width, spec.Height));
                var own = Rate(bucket, () => session.Run(slots.AsSpan(0, bucket), bucket, results));
                report.Add($"{name}, batch {bucket}: bare session over one bound batch", bare, "frames/s");
                report.Add($"{name}, batch {bucket}: product's session, gathering", own / bare, "of it");
            }

            most = Rate(options.Batches[^1], () => session.RunAgain(options.Batches[^1], spec.Width, spec.Height));
        }

        var models = new LineModels(PackageModels.Coarse(package, options, batches: true), null);
        using var metrics = new NodeMetrics();
        using var system = NodeWithoutJournal.NewSystem("gpu");
        var dispatcher = system.ActorOf(WorkDispatcher.Props(MonotonicClock.System, metrics), "work-dispatcher");
        var workers = system.StartWorkers(dispatcher, new WorkerOptions { Detectors = 1, Verifiers = 0, Models = [models], Batching = new BatchPlannerOptions { Buckets = options.Batches } }, MonotonicClock.System);
        await workers.Ready;
        using var source = new TicketLoop(dispatcher, models, MonotonicClock.System, Slots);
        source.Fill(slot => Draw(slot, slot.Index));
        var frames = Math.Max(Slots * 4L, (long)(most * Least.TotalSeconds));
        _ = await source.RunAsync(frames / 2, spec.TensorLength);
        var cost = await source.RunAsync(frames, spec.TensorLength);
        var through = cost.Frames / cost.Wall.TotalSeconds;
        report.Add($"{name}: from the work dispatcher on", through, "frames/s");
        if (bounded)
        {
            report.Bound($"{name}: over the bare session of the largest batch", through / most, "", "at least 0.90", through / most >= 0.9);
        }
        else
        {
            report.Add($"{name}: over the bare session of the largest batch", through / most, "");
        }

        report.Add($"{name}: processor time", cost.Cpu.TotalMicroseconds / cost.Frames, "us a frame");
        await system.Terminate();
    }

    private static FrameSlot Rent(FrameRing ring, int index)
    {
        var slot = ring.TryRent(out var rented) ? rented : throw new InvalidOperationException("the ring is too small");
        Draw(slot, index);
        return slot;
    }

    /// <summary>Noise of its own: the model's cost does not depend on what it sees.</summary>
    private static void Draw(FrameSlot slot, int index) => new Random(index).NextBytes(slot.Tensor);

    private static double Difference(ModelPackage package, OnnxBatchSession session, FrameSlot[] slots, CoarseResult[] results)
    {
        using var reference = new OnnxCoarseSession(package);
        session.Run(slots, slots.Length, results);
        var largest = 0d;
        for (var i = 0; i < slots.Length; i++)
        {
            var expected = reference.Run(slots[i]).Score;
            largest = Math.Max(largest, Math.Abs(results[i].Score - expected) / Math.Abs(expected));
        }

        return largest;
    }

    /// <summary>Frames a second, after a warm-up.</summary>
    private static double Rate(int batch, Action run)
    {
        for (var i = 0; i < 5; i++)
        {
            run();
        }

        var (runs, started) = (0, Stopwatch.GetTimestamp());
        do
        {
            run();
            runs++;
        }
        while (Stopwatch.GetElapsedTime(started) < Least);
        return runs * (double)batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
