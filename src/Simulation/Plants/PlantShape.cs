using Inspection.Decisions.Gate;
using Inspection.Protocol;
using Inspection.Simulation.Engine;

namespace Inspection.Simulation.Plants;

/// <summary>One station of a simulated plant.</summary>
internal sealed record StationShape(StationId Station, IReadOnlyList<CameraId> Cameras, double? PerSecond, IReadOnlyList<int> Sensors)
{
    public Transport Transport => PerSecond is null ? Transport.Indexed : Transport.Conveyor;

    public TimeSpan Travel { get; init; } = TimeSpan.FromMilliseconds(800);

    public int Window { get; init; } = 12;

    public int MostCounted { get; init; } = 400;

    public int StopAfter { get; init; }
}

/// <summary>What a seed's plant is made of: one line, its nodes and their speeds.</summary>
internal sealed record PlantShape
{
    public static readonly LineId Line = new("line");

    public required IReadOnlyList<StationShape> Stations { get; init; }

    public required int Sensors { get; init; }

    public required int Supervisors { get; init; }

    /// <summary>Milliseconds a frame, of each worker node.</summary>
    public required IReadOnlyList<double> Workers { get; init; }

    /// <summary>Every sensor node has workers of its own.</summary>
    public required bool LocalWorkers { get; init; }

    /// <summary>Worker nodes batch as a GPU does.</summary>
    public required bool Batches { get; init; }

    /// <summary>Whether candidates go to a verifier.</summary>
    public bool HasVerifier { get; init; } = true;

    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(700);

    public TimeSpan FaultsUntil { get; init; } = TimeSpan.FromSeconds(7);

    public TimeSpan TriggersUntil { get; init; } = TimeSpan.FromSeconds(8);

    public int SnapshotEvery { get; init; } = 40;

    public int MaxBatch { get; init; } = 256;

    public int WorkCapacity { get; init; } = 40;

    /// <summary>With workers for everything it triggers, so that without faults nothing has to fall back.</summary>
    public PlantShape WithRoom() => this with { LocalWorkers = true, WorkCapacity = 60, Workers = [.. Workers.Select(w => Math.Min(w, 10))] };

    public static PlantShape Draw(Rng random)
    {
        var sensors = random.Next(1, 2);
        int[] both = sensors == 2 ? [0, 1] : [0];
        var first = new StationShape(new StationId("press"), [new CameraId("top"), new CameraId("side")], random.Next(4, 12), both)
        {
            Window = random.Next(4, 24),
            MostCounted = random.Chance(0.2) ? random.Next(8, 40) : 400,
            StopAfter = random.Chance(0.3) ? random.Next(4, 12) : 0,
            Travel = random.Ms(750, 1300),
        };
        var second = new StationShape(
            new StationId("pack"), [new CameraId("lid")], random.Chance(0.5) ? null : random.Chance(0.3) ? 0.25 : random.Next(3, 9), random.Chance(0.5) ? both : [sensors - 1])
        {
            Window = random.Next(2, 8),
            StopAfter = random.Chance(0.2) ? random.Next(4, 12) : 0,
        };
        var workers = random.Next(0, 3);
        var isPatient = random.Chance(0.25);
        if (isPatient)
        {
            // a decision may wait for a supervisor that comes back (rule W8)
            (first, second) = (first with { Travel = TimeSpan.FromSeconds(5), Window = 80 }, second with { Travel = TimeSpan.FromSeconds(5), Window = 60 });
        }

        return new PlantShape
        {
            Deadline = TimeSpan.FromMilliseconds(isPatient ? 4500 : 700),
            HasVerifier = random.Chance(0.85),
            MaxBatch = random.Chance(0.3) ? random.Next(2, 9) : 256,
            WorkCapacity = random.Chance(0.3) ? random.Next(3, 12) : 40,
            Stations = random.Chance(0.7) ? [first, second] : [first],
            Sensors = sensors,
            Supervisors = random.Chance(0.7) ? 3 : 1,
            Workers = [.. Enumerable.Range(0, workers).Select(_ => 4 + (random.Share() * 30))],
            LocalWorkers = workers == 0 || random.Chance(0.3),
            Batches = random.Chance(0.4),
        };
    }
}
