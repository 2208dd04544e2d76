using System.Globalization;

namespace Inspection.Simulation.Tests;

/// <summary>Promises P1-P4, P8 over seeded histories, and that a seed is a history.</summary>
public sealed class SeedTests
{
    private const int Seeds = 3_000;

    [Fact]
    [Trait("Speed", "Slow")]
    public void Every_promise_holds_over_3000_histories_and_every_fault_hits_open_parts()
    {
        var report = SeedSweep.Run(first: 0, Seeds, time: null, static _ => { }, CancellationToken.None);
        Holds(report);
        Assert.Equal(Seeds / 100, report.RunTwice);
        for (var i = 0; i < SeedReport.Faults.Count; i++)
        {
            Assert.True(report.Fired[i] > 100 && report.HitOpen[i] > 50, $"{SeedReport.Faults[i]} fired {report.Fired[i]} times and hit an open part {report.HitOpen[i]} times: that is no test of it");
        }

        Assert.True(report.Passed > Seeds * 20 && report.Decided > report.Fallback, $"{report.Passed} parts passed, {report.Decided} decided, {report.Fallback} fell back: too little gets through to test what passes");
    }

    [Fact]
    public void Every_seed_that_ever_failed_holds()
    {
        var seeds = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "failed-seeds.txt"))
            .Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => long.Parse(l.Split(' ')[0], CultureInfo.InvariantCulture))
            .ToArray();
        Assert.NotEmpty(seeds);
        Assert.All(seeds, seed => Assert.True(Simulator.ViolationOf(seed) is null, $"seed {seed}: {Simulator.ViolationOf(seed)}"));
    }

    [Fact]
    public void The_same_seed_is_the_same_history_and_another_seed_another()
    {
        var hashes = Enumerable.Range(0, 40).Select(seed => Simulator.Run(seed).TraceHash).ToArray();
        Assert.Equal(hashes, Enumerable.Range(0, 40).Select(seed => Simulator.Run(seed, TextWriter.Null).TraceHash)); // read or not
        Assert.Equal(40, hashes.Distinct().Count());
    }

    [Fact]
    public void A_trace_can_be_read()
    {
        using var text = new StringWriter();
        _ = Simulator.Run(1, text);
        Assert.Contains("supervisor-0", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("commits", text.ToString(), StringComparison.Ordinal);
    }

    internal static void Holds(SweepReport report)
    {
        Assert.True(report.Failed.Count == 0, $"{report.Failed.Count} of {report.Seeds} seeds; put them into failed-seeds.txt: {string.Join("; ", report.Failed.Take(5).Select(f => $"seed {f.Seed} {f.Violation}"))}");
        Assert.True(report.Differ.Count == 0, $"seeds {string.Join(", ", report.Differ)} are another history each time");
    }
}
