using Xunit.Abstractions;

namespace Inspection.Cluster.Tests;

/// <summary>Any two of three supervisors form the plant; a node that can't form or join says so, is not ready, and never ends with 0.</summary>
[Collection(OwnPlants.Name)]
[Trait("Speed", "Slow")]
public sealed class ColdStartTests(Models models, ITestOutputHelper output)
{
    private static readonly NodeSpec[] Small = [new("supervisor-1", "supervisor"), new("supervisor-2", "supervisor"), new("sensor-1", "sensor,detector,verifier")];

    [Fact]
    public async Task One_supervisor_is_missing()
    {
        await using var plant = await ClusterPlant.MakeAsync(models, Small);
        plant.StartAll();
        output.WriteLine((await plant.AllWellAsync()).ToString());
        _ = await EjectorCheck.IsInOrderAsync(plant);
    }

    [Fact]
    public async Task Two_supervisors_are_missing_and_one_comes()
    {
        await using var plant = await ClusterPlant.MakeAsync(models, Small);
        plant["supervisor-1"].Start();
        plant["sensor-1"].Start();
        var page = await Waiting.UntilAsync(() => Status.PageAsync(plant["supervisor-1"].Http, "health/ready"), r => r.Code == 503 && r.Text.Contains("2 of 3 supervisors", StringComparison.Ordinal), "a page that says what is missing", plant.Explain);
        output.WriteLine(page.Text);
        _ = await Waiting.UntilAsync(() => Task.FromResult(plant["sensor-1"].Log), l => l.Contains("does not answer", StringComparison.Ordinal), "a sensor that says whom it misses", plant.Explain);
        plant["sensor-1"].LeaveDown();
        plant["sensor-1"].Send(Signal.Term);
        Assert.True(await plant["sensor-1"].EndedAsync() != 0, $"a node that never joined must not end with 0\n{plant["sensor-1"].Tail}");
        plant.StartAll();
        output.WriteLine((await plant.AllWellAsync()).ToString());
    }

    [Fact]
    public async Task The_database_is_missing_and_comes()
    {
        await using var plant = await ClusterPlant.MakeAsync(models, Small);
        await plant.Database.StopAsync();
        plant.StartAll();
        var page = await Waiting.UntilAsync(() => Status.PageAsync(plant["supervisor-1"].Http, "health/ready"), r => r.Code == 503 && r.Text.Contains("journal", StringComparison.Ordinal), "a page that says that the journal is missing", plant.Explain);
        output.WriteLine(page.Text);
        Assert.Equal(200, (await Status.PageAsync(plant["supervisor-1"].Http, "health/live")).Code);
        await plant.Database.StartAgainAsync();
        output.WriteLine((await plant.AllWellAsync()).ToString());
        _ = await EjectorCheck.IsInOrderAsync(plant);
        Assert.Empty(plant["supervisor-1"].Exits);
    }
}
