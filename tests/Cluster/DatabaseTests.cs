using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>The journal's database is not a node: while it is down all divert, and when it is back all go on by themselves (promise P7).</summary>
[Collection(OnePlant.Name)]
[Trait("Speed", "Slow")]
public sealed class DatabaseTests(RunningPlant running, ITestOutputHelper output)
{
    private ClusterPlant Plant => running.Plant;

    [Fact]
    public async Task PostgreSQL_is_restarted_under_load()
    {
        _ = await Plant.AllWellAsync();
        await Plant.Database.StopAsync();
        await Plant.Database.StartAgainAsync();
        await HealedAsync();
    }

    [Fact]
    public async Task PostgreSQL_is_away_for_20_seconds_of_parts()
    {
        _ = await Plant.AllWellAsync();
        var supervisor = Plant["supervisor-1"];
        await Plant.Database.StopAsync();
        var since = DateTime.UtcNow;
        var ready = await Waiting.UntilAsync(() => Status.PageAsync(supervisor.Http, "health/ready"), r => r.Code == 503, "a supervisor that is not ready", Plant.Explain);
        output.WriteLine(ready.Text);
        Assert.Equal(200, (await Status.PageAsync(supervisor.Http, "health/live")).Code);

        // 20 s at 4 parts a second, told by the ejector: it diverts them all
        const int parts = 80;
        var acts = await Waiting.UntilAsync(
            () => Task.FromResult(EjectorCheck.Read(Plant, ClusterPlant.Drawn).Where(a => a.Utc > since).ToList()),
            a => a.Count >= parts,
            $"{parts} parts at the ejector while the database is away",
            Plant.Explain);
        Assert.True(acts.Skip(parts / 2).All(a => !a.Passed), "with the database away nothing may pass");
        Assert.Equal(200, (await Status.PageAsync(supervisor.Http, "health/live")).Code);
        await Plant.Database.StartAgainAsync();
        await HealedAsync();
        _ = await Waiting.UntilAsync(() => Status.PageAsync(supervisor.Http, "health/ready"), r => r.Code == 200, "a supervisor that is ready again", Plant.Explain);
    }

    private async Task HealedAsync()
    {
        var status = await Plant.AllWellAsync();
        var journal = await EjectorCheck.IsInOrderAsync(Plant);
        output.WriteLine(status.ToString());
        output.WriteLine(journal.ToString());
    }
}
