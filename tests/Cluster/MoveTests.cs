using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>
/// Planned moves: SIGTERM drains, hands over, ends with 0; nothing is lost (issue: planned moves; promise P7). A process that starts takes the
/// machine for seconds: the lines have the time to wait for it, so that what falls back was lost by the move and not to a slow machine.
/// </summary>
[Collection(OwnPlants.Name)]
[Trait("Speed", "Slow")]
public sealed class MoveTests(PatientPlant running, ITestOutputHelper output) : IClassFixture<PatientPlant>
{
    private ClusterPlant Plant => running.Plant;

    [Fact]
    public async Task A_detector_leaves_and_joins_without_a_fallback()
    {
        var before = await Plant.AllWellAsync(parts: 8);
        var journal = await JournalCheck.ReadAsync(Plant.Database.ConnectionString());
        Assert.Equal(0, await StoppedAsync("detector-1"));
        _ = await Plant.AllWellAsync(parts: 8);
        Assert.Equal(0, await StoppedAsync("detector-2"));
        var after = await Plant.AllWellAsync(parts: 8);
        var seen = await EjectorCheck.IsInOrderAsync(Plant);
        output.WriteLine($"before {before}\nafter {after}\n{journal}\n{seen}");
        Assert.True(journal.Fallback == seen.Fallback, $"no part may fall back when a detector drains: before {journal}; after {seen}\n{Plant.Explain()}");
    }

    [Fact]
    public async Task A_rolling_restart_loses_nothing_and_diverts_little()
    {
        _ = await Plant.AllWellAsync(parts: 8);
        var before = await JournalCheck.ReadAsync(Plant.Database.ConnectionString());
        foreach (var node in Plant.Nodes.ToList())
        {
            Assert.True(await StoppedAsync(node.Id) == 0, $"{node.Id} must end with 0\n{node.Tail}");
            _ = await Plant.AllWellAsync(parts: 2);
        }

        var after = await EjectorCheck.IsInOrderAsync(Plant);
        output.WriteLine(Plant.Told);
        output.WriteLine($"before {before}\nafter {after}");
        foreach (var part in after.FallenBack)
        {
            output.WriteLine(part);
        }

        // no more than the parts of two seconds for each of the seven restarts
        const int most = 7 * 2 * PatientPlant.PartsPerSecond;
        Assert.True(after.Fallback - before.Fallback <= most, $"{after.Fallback - before.Fallback} parts fell back, at most {most}: before {before}; after {after}\n{Plant.Explain()}");
    }

    /// <summary>SIGTERM, and its exit code; the harness starts it again.</summary>
    private async Task<int> StoppedAsync(string node)
    {
        Plant[node].Send(Signal.Term);
        return await Plant[node].EndedAsync();
    }
}
