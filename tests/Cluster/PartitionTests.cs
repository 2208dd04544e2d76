using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>
/// A network that is cut: of three nodes that all could hold the line, and that all still reach the database, one side decides (rule V8). Real
/// network namespaces.
/// </summary>
[Collection(OwnPlants.Name)]
[Trait("Speed", "Slow")]
public sealed class PartitionTests(Models models, ITestOutputHelper output)
{
    private const string All = "supervisor,sensor,detector,verifier";

    [Fact]
    public async Task The_side_with_the_majority_decides_and_the_other_ends_itself()
    {
        using var network = new Network(3);
        await using var plant = await ClusterPlant.MakeAsync(models, [.. Enumerable.Range(1, 3).Select(i => new NodeSpec($"supervisor-{i}", All) { Place = i })]);
        plant.StartAll();
        var before = await plant.AllWellAsync();

        // the node that holds the station: its gate and its line's new supervisor are on two sides
        var alone = before.Line(ClusterPlant.Drawn).HolderOf(ClusterPlant.Station);
        var number = int.Parse(alone["supervisor-".Length..], System.Globalization.CultureInfo.InvariantCulture);
        var asked = plant.Nodes.First(n => n.Id != alone).Id;
        plant.Say($"{alone} is cut off");
        network.CutOff(number);
        plant[alone].LeaveDown();
        _ = await plant.UntilAsync(
            s => s.Members.All(m => m.Node != alone) && s.Line(ClusterPlant.Drawn) is { Answers: true } l && l.HolderOf(ClusterPlant.Station) != alone && l.Decided > before.Line(ClusterPlant.Drawn).Decided + 8,
            $"the other two to remove {alone} and to decide",
            asked);
        Assert.True(await plant[alone].EndedAsync() != 0, $"the node that was cut off must end by itself, and not with 0\n{plant[alone].Tail}");
        network.Heal(number);
        plant[alone].Start();
        var after = await plant.AllWellAsync();
        output.WriteLine(plant.Told);
        output.WriteLine(after.ToString());
        output.WriteLine((await EjectorCheck.IsInOrderAsync(plant)).ToString());
    }
}
