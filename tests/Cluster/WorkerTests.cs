using System.Globalization;
using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>Workers with 400 ms a frame, so that there is always work in hand: they leave, join, and stand still (rules W1, W2; planned moves).</summary>
[Collection(OnePlant.Name)]
[Trait("Speed", "Slow")]
public sealed class WorkerTests(RunningPlant running, ITestOutputHelper output)
{
    private const string Slow = "inference: { detectors: 2, simulated: { base: 1 ms, per_frame: 400 ms } }\n";

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
        var reoffers = await ReoffersAsync(plant);
        _ = await plant.UntilAsync(s => s.InFlight("detector-1") > 0, "frames in the hands of detector-1");
        plant["detector-1"].LeaveDown();
        plant["detector-1"].Send(Signal.Term);
        Assert.True(await plant["detector-1"].EndedAsync() == 0, plant.Explain());
        _ = await plant.AllWellAsync(parts: 8);
        var after = await EjectorCheck.IsInOrderAsync(plant);
        output.WriteLine($"before {before}\nafter {after}");
        Assert.True(await ReoffersAsync(plant) == reoffers, $"nothing of a node that drains is offered again\n{plant.Explain()}");
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
        _ = await plant.UntilAsync(s => s.InFlight("detector-1") > 0, "frames in the hands of detector-1");
        plant["detector-1"].Send(Signal.Stop);
        var status = await plant.UntilAsync(s => s.Worker("detector-1") is null or { State: "overdue" }, "detector-1 to be overdue, or its stream to be given up", of: "sensor-1");
        output.WriteLine(status!.ToString());
        var frozen = await JournalCheck.ReadAsync(plant.Database.ConnectionString());
        _ = await plant.UntilAsync(s => s.Line(ClusterPlant.Drawn).Decided >= status.Line(ClusterPlant.Drawn).Decided + 12, "the other detector to go on", of: "sensor-1");
        plant["detector-1"].Send(Signal.Cont);
        _ = await plant.AllWellAsync(parts: 8);
        output.WriteLine($"frozen {frozen}\nafter {await EjectorCheck.IsInOrderAsync(plant)}");
    }

    /// <summary>Two detectors run; the third stays down.</summary>
    private async Task<ClusterPlant> StartedAsync()
    {
        var plant = await ClusterPlant.MakeAsync(running.Models, Nodes, drawnPace: "3/s", tilePace: "1/s");
        foreach (var node in plant.Nodes.Where(n => n.Id != "detector-3"))
        {
            node.Start();
        }

        _ = await plant.AllWellAsync(parts: 8);
        return plant;
    }

    private static async Task<double> ReoffersAsync(ClusterPlant plant) => (await Status.PageAsync(plant["sensor-1"].Http, "metrics")).Text.Split('\n')
        .Where(l => l.StartsWith("inspection_work_reoffers_total{", StringComparison.Ordinal))
        .Sum(l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
