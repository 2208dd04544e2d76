namespace Inspection.Cluster.Tests;

/// <summary>One plant of 2 sensor, 2 detector and 3 supervisor processes for all tests of faults: each leaves it well, as it found it.</summary>
public sealed class RunningPlant : IAsyncLifetime
{
    private readonly Models _models = new();

    internal ClusterPlant Plant { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Plant = await ClusterPlant.MakeAsync(_models);
        Plant.StartAll();
        _ = await Plant.AllWellAsync();
    }

    public async Task DisposeAsync()
    {
        await Plant.DisposeAsync();
        _models.Dispose();
    }
}

/// <summary>One plant of the same processes for all tests of planned moves: a part a second on each line, and 20 s to decide it.</summary>
public sealed class PatientPlant(Models models) : IAsyncLifetime
{
    public const int PartsPerSecond = 2;

    internal ClusterPlant Plant { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Plant = await ClusterPlant.MakeAsync(models, drawnPace: "1/s", tilePace: "1/s", ring: 32, deadline: 20);
        Plant.StartAll();
        _ = await Plant.AllWellAsync();
    }

    public async Task DisposeAsync() => await Plant.DisposeAsync();
}

/// <summary>Tests of faults, all on one plant.</summary>
[CollectionDefinition(Name)]
public sealed class OnePlant : ICollectionFixture<RunningPlant>
{
    public const string Name = "one plant";
}

/// <summary>Tests that start plants of their own; no other plant runs meanwhile.</summary>
[CollectionDefinition(Name)]
public sealed class OwnPlants : ICollectionFixture<Models>
{
    public const string Name = "plants of their own";
}
