using System.Globalization;
using Inspection.Benchmarks.Rig;
using Inspection.Protocol;
using Inspection.Vision.Inference;

namespace Inspection.Benchmarks;

/// <summary>
/// Rule W7: what a line decides in time while its source is faster than its detector, over what it can decide (the same line, pulled, in the same
/// round). The detector waits and computes nothing, so that the capacity is its own and not this machine's.
/// </summary>
internal static class GoodputBenchmark
{
    private const int Rounds = 3;
    private const int InformativeRounds = 1;
    private const double BoundLoad = 1.5;
    private const double LeastRatio = 0.90;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2.5); // until the queue has aged to its deadline
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _deadline = TimeSpan.FromMilliseconds(1200);
    private static readonly double[] _loads = [1.0, BoundLoad, 3, 10];

    /// <summary>
    /// What meets the load first: the ring (the source sheds), or the deadline (the dispatcher sheds). Where the verifier is too slow no bound can be set: its
    /// backlog still grows while the pulled run is measured, and what it does not see in time is Review.
    /// </summary>
    private static readonly LoadedLine[] _lines =
    [
        new("ring fills first", 2, Of(40), null, null, TimeSpan.FromSeconds(2), 8),
        new("deadline first", 2, Of(40), null, null, _deadline, 128),
        new("fast model, deadline first", 1, Of(10), null, null, _deadline, 256),
        new("candidates, deadline first", 2, Of(40), null, TimeSpan.FromMilliseconds(60), _deadline, 128),
        new("verifier too slow, deadline first", 2, Of(40), null, TimeSpan.FromMilliseconds(120), _deadline, 128, HasBound: false),
        new("batches, deadline first", 1, new SimulatedLatency(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(15)), [1, 4, 8], null, _deadline, 128),
    ];

    public static async Task<Report> RunAsync()
    {
        var report = new Report($"Goodput at {BoundLoad * 100:0} % load over capacity, no silent loss (simulated detector)", "./dev bench goodput");
        using var work = new Workspace();
        var frames = new Frames(SimulatedModels.Side, 8);
        System.Console.Error.WriteLine("warming up ...");
        _ = await _lines[3].RunAsync(work["warm"], frames, 100, Settle, Measured);
        var lost = new List<string>();
        var busiest = 0.0;
        foreach (var line in _lines)
        {
            var (capacities, runs) = (new List<double>(), _loads.ToDictionary(l => l, _ => new List<(double Ratio, LoadedRun Run)>()));
            for (var round = 0; round < Rounds; round++)
            {
                var pulled = await OneAsync($"{line.Name}, round {round + 1} of {Rounds}, pulled", null);
                capacities.Add(pulled.Goodput);
                foreach (var load in Order(round))
                {
                    var run = await OneAsync(string.Create(CultureInfo.InvariantCulture, $"{line.Name}, round {round + 1} of {Rounds}, {load * 100:0} %"), load * pulled.Goodput);
                    runs[load].Add((run.Goodput / pulled.Goodput, run));
                }
            }

            Add(report, line, capacities, runs);

            async Task<LoadedRun> OneAsync(string what, double? perSecond)
            {
                var run = await line.RunAsync(work[$"{Guid.NewGuid():N}"], frames, perSecond, Settle, Measured);
                lost.AddRange(run.Lost.Select(l => $"{what}: {l}"));
                busiest = Math.Max(busiest, Machine.Load);
                System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {run.Issued} triggers, {run.Goodput:0.0} parts/s in time; {Reasons(run)}{(run.Lost.Count > 0 ? "; LOST: " + string.Join("; ", run.Lost) : "")}"));
                return run;
            }
        }

        report.Bound("runs in which something is lost or passed unseen", lost.Count, "", "exactly 0", lost.Count == 0);
        lost.ForEach(report.Note);
        report.Add("highest load average seen", busiest, "");
        report.Note($"medians of {Rounds} rounds ({InformativeRounds} above {BoundLoad * 100:0} %) of {Measured.TotalSeconds:0} s after {Settle.TotalSeconds:0.#} s; a round's capacity is its own pulled run");
        report.Note("in time: Decided within the deadline, every candidate verified; latencies are of these parts, as a share of the deadline");
        return report;
    }

    private static SimulatedLatency Of(int milliseconds) => new(TimeSpan.Zero, TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Forwards and backwards in turn, so that what changes with time meets all loads alike.</summary>
    private static IEnumerable<double> Order(int round)
    {
        var loads = _loads.Where(l => l <= BoundLoad || round < InformativeRounds);
        return round % 2 == 0 ? loads : loads.Reverse();
    }

    private static void Add(Report report, LoadedLine line, List<double> capacities, Dictionary<double, List<(double Ratio, LoadedRun Run)>> runs)
    {
        report.Add($"{line.Name}: capacity (pulled)", Median(capacities), "parts/s");
        foreach (var load in _loads)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{line.Name}, {load * 100:0} %");
            var ratios = runs[load].Select(r => r.Ratio).ToList();
            var all = runs[load].Select(r => r.Run).ToList();
            if (load == BoundLoad && line.HasBound)
            {
                report.Bound($"{name}: goodput over capacity", Median(ratios), "", $"at least {LeastRatio:0.00}", Median(ratios) >= LeastRatio);
            }
            else
            {
                report.Add($"{name}: goodput over capacity", Median(ratios), "");
            }

            report.Add("  lowest round", ratios.Min(), "");
            report.Add("  highest round", ratios.Max(), "");
            foreach (var reason in all.SelectMany(r => r.Fallbacks.Keys).Distinct().Order())
            {
                report.Add($"  {reason}", 100.0 * all.Sum(r => r.Fallbacks.GetValueOrDefault(reason)) / all.Sum(r => r.Issued), "% of triggers");
            }

            if (line.Verify is not null)
            {
                report.Add("  Review for want of a verifier", all.Average(r => r.Unverified), "parts/s");
            }

            var latencies = all.SelectMany(r => r.Latencies).Order().ToList();
            report.Add("  latency over deadline, p50", Quantile(latencies, 0.5), "");
            report.Add("  latency over deadline, p99", Quantile(latencies, 0.99), "");
            report.Add("  OK parts that passed", 100.0 * all.Sum(r => r.Gate.Passed) / all.Sum(r => r.Gate.Ok), "%");
        }
    }

    private static string Reasons(LoadedRun run) => run.Fallbacks.Count == 0 ? "no fallback" : string.Join(", ", run.Fallbacks.OrderBy(f => f.Key).Select(f => $"{f.Key} {f.Value}"));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Quantile(List<double> ascending, double quantile) => ascending.Count == 0 ? double.NaN : ascending[(int)Math.Min(ascending.Count - 1, quantile * ascending.Count)];
}
