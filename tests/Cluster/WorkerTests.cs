using System.Globalization;
using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>
/// Workers with 400 ms a frame, so that there is always work in hand: they leave, join, and stand still (rules W1, W2; planned moves). The ring is
/// large enough for one of them to keep up with the line: a worker holds a quarter of it at most (rule W3).
/// </summary>
[Collection(OwnPlants.Name)]
[Trait("Speed", "Slow")]
public sealed class WorkerTests(Models models, ITestOutputHelper output)
{
    private const string Slow = "inference: { detectors: 2, simulated: { base: 399 ms, per_frame: 1 ms } }\n";

    private const string Reoffers = "inspection_work_reoffers_total";

    private static readonly NodeSpec[] Nodes =
    [
        new("supervisor-1", "supervisor"), new("supervisor-2", "supervisor"), new("sensor-1", "sensor"),
        new("detector-1", "detector,verifier") { More = Slow }, new("detector-2", "detector,verifier") { More = Slow }, new("detector-3", "detector,verifier") { More = Slow },
    ];

    [Fact]
    public async Task SIGTERM_in_the_middle_of_an_inference_loses_no_answer()
    {
        await using var plant = await StartedAsync();
        var before = await JournalCheck.ReadAsync(plant.Database.ConnectionString());
        var reoffers = await plant.CounterAsync(Reoffers);
        var busy = await BusyAsync(plant);
        busy.LeaveDown();
        busy.Send(Signal.Term);
        Assert.True(await busy.EndedAsync() == 0, plant.Explain());
        _ = await plant.AllWellAsync(parts: 8);
        var after = await EjectorCheck.IsInOrderAsync(plant);
        output.WriteLine($"before {before}\nafter {after}");
        Assert.True(await plant.CounterAsync(Reoffers) == reoffers, $"nothing of a node that drains is offered again\n{plant.Explain()}");
        Assert.True(after.Fallback == before.Fallback, $"no part may fall back when a worker drains: before {before}; after {after}\n{plant.Explain()}");
    }

    [Fact]
    public async Task A_detector_joins_under_load_and_gets_work()
    {
        await using var plant = await StartedAsync();
        plant["detector-3"].Start();
        _ = await plant.UntilAsync(s => s.Members.Any(m => m is { Node: "detector-3", Status: "up" }), "detector-3 to be a member");
        var joined = DateTime.UtcNow;
        _ = await plant.UntilAsync(s => s.InFlight("detector-3") > 0, "frames in the hands of detector-3");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first work seen {(DateTime.UtcNow - joined).TotalSeconds:0.0} s after it was seen as a member"));
        _ = await plant.AllWellAsync(parts: 8);
        _ = await EjectorCheck.IsInOrderAsync(plant);
    }

    [Fact]
    public async Task A_frozen_detector_costs_leases_and_gets_no_more_until_it_answers()
    {
        await using var plant = await StartedAsync();
        var busy = await BusyAsync(plant);
        busy.Send(Signal.Stop);
        var status = await plant.UntilAsync(s => s.Worker(busy.Id) is null or { State: "overdue" }, $"{busy.Id} to be overdue, or its stream to be given up", of: "sensor-1");
        output.WriteLine(status!.ToString());
        var frozen = await JournalCheck.ReadAsync(plant.Database.ConnectionString());
        _ = await plant.UntilAsync(s => s.Line(ClusterPlant.Drawn).Decided >= status.Line(ClusterPlant.Drawn).Decided + 12, "the other detector to go on", of: "sensor-1");
        busy.Send(Signal.Cont);
        _ = await plant.AllWellAsync(parts: 8);
        output.WriteLine($"frozen {frozen}\nafter {await EjectorCheck.IsInOrderAsync(plant)}");
    }

    /// <summary>A detector with frames in hand at this moment.</summary>
    private static async Task<ClusterNode> BusyAsync(ClusterPlant plant)
    {
        var detectors = plant.Nodes.Where(n => n.Id.StartsWith("detector-", StringComparison.Ordinal)).ToList();
        var status = await plant.UntilAsync(s => detectors.Any(d => s.InFlight(d.Id) > 0), "frames in the hands of a detector");
        return detectors.First(d => status!.InFlight(d.Id) > 0);
    }

    /// <summary>Two detectors run; the third stays down.</summary>
    private async Task<ClusterPlant> StartedAsync()
    {
        var plant = await ClusterPlant.MakeAsync(models, Nodes, drawnPace: "3/s", tilePace: "1/s", ring: 32);
        foreach (var node in plant.Nodes.Where(n => n.Id != "detector-3"))
        {
            node.Start();
        }

        _ = await plant.AllWellAsync(parts: 8);
        return plant;
    }
}
