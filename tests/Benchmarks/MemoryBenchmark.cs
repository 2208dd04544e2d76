using Inspection.Benchmarks.Rig;

namespace Inspection.Benchmarks;

/// <summary>
/// Promise P8: memory stays flat. The whole embedded plant, journal and all, with a model that computes nothing; every 10,000 frames the
/// managed heap after a full collection and the resident memory are read.
/// </summary>
internal static class MemoryBenchmark
{
    private const int FrameSide = 64;
    private const int TensorSide = 32;
    private const int Count = 100_000;
    private const int Every = 10_000;
    private const double MostMegabytes = 1;

    public static async Task<Report> RunAsync()
    {
        var report = new Report("Memory over 100,000 null-model frames", "./dev bench memory");
        using var work = new Workspace();
        NullPackage.Write(work["null"], TensorSide);
        var (heap, resident) = (new List<double>(), new List<double>());
        await BenchPlant.RunAsync(work["null"], work["plant"], new Frames(FrameSide, 16), Count + 1, Environment.ProcessorCount, handed =>
        {
            if (handed > 0 && handed % Every == 0)
            {
                heap.Add(GC.GetTotalMemory(forceFullCollection: true) / 1048576.0);
                resident.Add(Machine.ResidentMegabytes);
                System.Console.Error.WriteLine($"{handed} frames");
            }
        });
        for (var i = 0; i < heap.Count; i++)
        {
            report.Add($"managed heap after {(i + 1) * Every} frames", heap[i], "MiB");
            report.Add($"resident after {(i + 1) * Every} frames", resident[i], "MiB");
        }

        Bound(report, "managed heap", heap);
        Bound(report, "resident memory", resident);
        report.Note("slope: least squares over the second half; whole embedded plant with SQLite journal, one view a part");
        return report;
    }

    private static void Bound(Report report, string name, List<double> samples)
    {
        var slope = Slope(samples[(samples.Count / 2)..]);
        report.Bound($"{name}: growth over the second half", slope, "MiB per 10,000 frames", $"below {MostMegabytes}", slope < MostMegabytes);
    }

    private static double Slope(List<double> y)
    {
        var (meanX, meanY) = ((y.Count - 1) / 2.0, y.Average());
        double above = 0, below = 0;
        for (var x = 0; x < y.Count; x++)
        {
            above += (x - meanX) * (y[x] - meanY);
            below += (x - meanX) * (x - meanX);
        }

        return above / below;
    }
}
