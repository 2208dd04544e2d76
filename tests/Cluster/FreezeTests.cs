using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>A process that stands still and wakes again believes what was true before: the journal and the epochs refuse it (rules J6, L1, L2).</summary>
[Collection(OnePlant.Name)]
[Trait("Speed", "Slow")]
public sealed class FreezeTests(RunningPlant running, ITestOutputHelper output)
{
    private ClusterPlant Plant => running.Plant;

    [Fact]
    public async Task A_frozen_supervisor_thaws_and_its_writes_are_refused()
    {
        var status = await Plant.AllWellAsync();
        var frozen = status.Line(ClusterPlant.Drawn).Supervisor;
        await FrozenUntilForgottenAsync(frozen, s => s.Line(ClusterPlant.Drawn) is { Answers: true } l && l.Supervisor != frozen && l.Supervisor.Length > 0 && l.Decided > status.Line(ClusterPlant.Drawn).Decided + 4);
    }

    [Fact]
    public async Task A_frozen_station_holder_thaws_and_passes_nothing()
    {
        var status = await Plant.AllWellAsync();
        var frozen = status.Line(ClusterPlant.Drawn).HolderOf(ClusterPlant.Station);
        var other = frozen == "sensor-1" ? "sensor-2" : "sensor-1";
        await FrozenUntilForgottenAsync(frozen, s => s.Line(ClusterPlant.Drawn).HolderOf(ClusterPlant.Station) == other && s.Line(ClusterPlant.Drawn).Decided > status.Line(ClusterPlant.Drawn).Decided + 4);
    }

    /// <summary>Stands still until the others have removed it (about 12 s) and its duty is done elsewhere; then it wakes, and must end by itself.</summary>
    private async Task FrozenUntilForgottenAsync(string node, Func<Status, bool> takenOver)
    {
        var asked = Plant.Nodes.First(n => n.Id != node && n.Spec.Roles == "supervisor").Id;
        Plant[node].Send(Signal.Stop);
        _ = await Plant.UntilAsync(s => s.Members.All(m => m.Node != node) && takenOver(s), $"the others to remove {node} and to take over", asked);
        Plant[node].Send(Signal.Cont);
        var code = await Plant[node].EndedAsync();
        Assert.True(code != 0, $"a node that was removed must not end with 0\n{Plant[node].Tail}");
        var status = await Plant.AllWellAsync();
        var journal = await EjectorCheck.IsInOrderAsync(Plant);
        output.WriteLine(Plant.Told);
        output.WriteLine(status.ToString());
        output.WriteLine(journal.ToString());
    }
}
