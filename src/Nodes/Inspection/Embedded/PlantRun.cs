using System.Diagnostics;
using Inspection.Audit.Journals;
using Inspection.Audit.Totals;
using Inspection.Console;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Embedded;

/// <summary>One run of an embedded plant, from start-up to its report.</summary>
internal static class PlantRun
{
    /// <param name="seconds">Stop triggering after so long; null: until the sources are empty or Ctrl-C.</param>
    /// <param name="port">Health and metrics on loopback; 0: none.</param>
    public static async Task<RunReport> RunAsync(Plant plant, TimeSpan? seconds, int port, Output output, CancellationToken cancel)
    {
        var sources = PlantSources.Open(plant);
        var models = PlantModels.Load(plant);
        await using var embedded = await EmbeddedPlant.StartAsync(plant, models, cancel);
        if (embedded.WitnessTrouble is { } trouble)
        {
            output.Warning($"the plant's log starts without a cosignature: {trouble}");
        }

        await using var server = port > 0 ? await HealthServer.StartAsync(port, [.. plant.Lines.Select(l => l.Line)], embedded.Supervisors, ProcessVariables.Read(ProcessVariables.AccessKey)) : null;
        if (server is not null)
        {
            output.Line($"health and metrics: http://localhost:{port}/health/ready and /metrics");
        }

        var before = Accepted(await embedded.StatusAsync());
        var clock = Stopwatch.StartNew();
        embedded.StartStations(sources.Setups(models), output.Warning);
        using var timer = new CancellationTokenSource(seconds ?? Timeout.InfiniteTimeSpan);
        await using var stopOnTime = timer.Token.Register(embedded.StopStations);
        await using var stopOnCancel = cancel.Register(embedded.StopStations);
        await new LiveView(output, embedded, statuses => Progress(sources.Total, statuses, seconds, clock)).WatchAsync();
        await embedded.Finished;
        clock.Stop();
        if (!await embedded.SignLogAsync())
        {
            output.Warning($"the last records are not in the plant's log yet ({embedded.Log?.Trouble ?? "its builder did not answer in time"}); the next run puts them there");
        }

        var frames = FramesOf(plant, await embedded.StatusAsync());
        if (frames == 0)
        {
            output.Line($"nothing left to inspect: the {plant.Journal} has seen every part; name another (journal in the plant file) to run them again");
        }

        return new RunReport(TotalsOf(plant, sources), frames, clock.Elapsed, before, embedded.Log);
    }

    public static JournalTotals TotalsOf(Plant plant, PlantSources sources)
    {
        using var journal = plant.Journal.OpenSource();
        return JournalTotals.Of(journal, sources.IsLabelled ? sources.TruthOf : null);
    }

    private static double? Progress(long? total, IReadOnlyList<LineQueries.LineStatus> statuses, TimeSpan? seconds, Stopwatch clock) =>
        total is > 0 ? (double)Accepted(statuses) / total.Value : seconds is { } s ? Math.Min(1, clock.Elapsed / s) : null;

    private static long Accepted(IReadOnlyList<LineQueries.LineStatus> statuses) => statuses.Sum(s => s.Accepted);

    /// <summary>Each run has epochs of its own, so a station's counter is what this run triggered.</summary>
    private static long FramesOf(Plant plant, IReadOnlyList<LineQueries.LineStatus> statuses) => (
        from status in statuses
        from station in status.Stations
        let plan = plant.Lines.Single(l => l.Line == status.Line).Stations.FirstOrDefault(s => s.Station == station.Station)
        where plan is not null
        select station.SeenUpTo * plan.Cameras.Count).Sum();
}
