using Inspection.Benchmarks.Rig;
using Inspection.Vision.Models;

namespace Inspection.Benchmarks;

/// <summary>
/// Frames per CPU second of the whole embedded path over those of a bare ONNX Runtime loop that prepares the same frames on the same model.
/// Interleaved pairs in one process; CPU seconds are the process's, so whatever the path does on any thread counts.
/// </summary>
internal static class PathBenchmark
{
    private const int FrameSide = 320;
    private const int Pairs = 15; // of so few frames that one pair differs from the next by some hundredths
    private const int NullSide = 32;
    private const int CodeWarmUp = 5_000; // parts until the runtime has compiled the path for good: a line runs for months, a benchmark for a minute
    private const int WarmUp = 60;
    private const int Counted = 240;
    private const double LeastRatio = 0.90;

    public static async Task<Report> RunAsync()
    {
        var report = new Report("Frames per CPU second: embedded path over a bare ONNX Runtime loop", "./dev bench path");
        using var work = new Workspace();
        System.Console.Error.WriteLine("fitting a coarse package on 80 synthetic pictures ...");
        _ = FittedPackage.Fit(work["coarse"], work["data"], FrameSide);
        System.Console.Error.WriteLine("warming up: the path's code, with a model that computes nothing ...");
        NullPackage.Write(work["null"], NullSide);
        await BenchPlant.RunAsync(work["null"], work["warm"], new Frames(FrameSide, 8), CodeWarmUp, Environment.ProcessorCount, static _ => { });
        var frames = new Frames(FrameSide, 32);
        var package = ModelPackage.Load(work["coarse"], new PackageLoadOptions { RequireSignature = false });
        var detectors = Environment.ProcessorCount;
        var loops = Enumerable.Range(0, detectors).Select(_ => new BareLoop(package, frames)).ToList();
        var (ratios, path, bare, archived) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        IReadOnlyList<(string Name, double Milliseconds)> threads = [];
        for (var pair = -1; pair < Pairs; pair++) // the first warms up: code is compiled, sessions have their memory
        {
            (var embedded, threads) = await EmbeddedAsync(work, $"plant{pair}", frames, detectors, archives: false);
            var (keeping, _) = await EmbeddedAsync(work, $"archive{pair}", frames, detectors, archives: true);
            var alone = Bare(loops);
            System.Console.Error.WriteLine($"pair {pair + 1} of {Pairs}: embedded {embedded:0.000} ms, bare {alone:0.000} ms, ratio {alone / embedded:0.000}{(pair < 0 ? " (warm-up)" : "")}");
            if (pair >= 0)
            {
                path.Add(embedded);
                bare.Add(alone);
                ratios.Add(alone / embedded);
                archived.Add(embedded / keeping);
            }
        }

        var ratio = Median(ratios);
        report.Bound($"embedded over bare, median of {Pairs} interleaved pairs", ratio, "", $"at least {LeastRatio:0.00}", ratio >= LeastRatio);
        report.Add("lowest pair", ratios.Min(), "");
        report.Add("highest pair", ratios.Max(), "");
        report.Add("embedded path", 1000 / Median(path), "frames per CPU second");
        report.Add("with the frame archive, over without, median", Median(archived), "");
        report.Add("bare loop", 1000 / Median(bare), "frames per CPU second");
        StageTimes.AddTo(report, package, frames, loops[0], Median(path));
        loops.ForEach(l => l.Dispose());
        foreach (var (name, time) in threads.Where(t => t.Milliseconds >= 0.01))
        {
            report.Add($"  last pair, threads named '{name}'", time, "CPU ms a frame");
        }

        report.Note($"{detectors} detectors, one camera of {FrameSide} x {FrameSide} grey, {Counted} frames a half of a pair after {WarmUp}; CPU time of the whole process");
        report.Note("stages: CPU time of each alone on one warm thread, so what they cost more in company counts as everything else");
        return report;
    }

    /// <summary>CPU milliseconds a frame, between two frames of a steady run, in all and by thread.</summary>
    private static async Task<(double Milliseconds, IReadOnlyList<(string Name, double Milliseconds)> Threads)> EmbeddedAsync(Workspace work, string name, Frames frames, int detectors, bool archives)
    {
        TimeSpan before = default, after = default;
        ThreadShares? started = null, ended = null;
        await BenchPlant.RunAsync(work["coarse"], work[name], frames, WarmUp + Counted + 1, detectors, handed =>
        {
            switch (handed)
            {
                case WarmUp:
                    started = ThreadShares.Now();
                    before = Environment.CpuUsage.TotalTime;
                    break;
                case WarmUp + Counted:
                    after = Environment.CpuUsage.TotalTime;
                    ended = ThreadShares.Now();
                    break;
            }
        }, archives);
        return ((after - before).TotalMilliseconds / Counted, [.. ended!.Since(started!).Select(t => (t.Name, t.Milliseconds / Counted))]);
    }

    private static double Bare(List<BareLoop> loops)
    {
        BareLoop.Run(loops, 2 * loops.Count);
        var before = Environment.CpuUsage.TotalTime;
        BareLoop.Run(loops, Counted);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Counted;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
