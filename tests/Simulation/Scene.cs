using Inspection.Protocol;
using Inspection.Simulation.Plants;

namespace Inspection.Simulation.Tests;

/// <summary>A named history: a plant without random faults, and what happens to it by script. Every promise is watched as over random seeds.</summary>
internal sealed class Scene
{
    private readonly List<Action<Plant>> _script = [];

    /// <summary>Ten parts a second before two cameras, two sensor nodes that reach them, three supervisors, two worker nodes.</summary>
    public static readonly PlantShape Usual = new()
    {
        Stations = [new StationShape(new StationId("press"), [new CameraId("top"), new CameraId("side")], 10, [0, 1]) { Travel = TimeSpan.FromMilliseconds(1000), Window = 24 }],
        Sensors = 2,
        Supervisors = 3,
        Workers = [10, 10],
        LocalWorkers = false,
        Batches = false,
    };

    /// <summary>As usual, and no other node reaches the cameras.</summary>
    public static readonly PlantShape Alone = Usual with { Sensors = 1, Stations = [Usual.Stations[0] with { Sensors = [0] }] };

    public Scene(PlantShape? shape = null)
    {
        Plant = new Plant(shape ?? Usual, seed: 7, reader: null);
        Plant.Faults.IsScripted = true;
    }

    public Plant Plant { get; }

    public IEnumerable<Part> Parts => Plant.Belts.Parts.Values;

    public StationShape Press => Plant.Shape.Stations[0];

    /// <summary>From the plant's start, with half a second for it to begin.</summary>
    public Scene At(double seconds, Action<Plant> happens)
    {
        _script.Add(plant => plant.At(TimeSpan.FromSeconds(seconds) - plant.Now, null, () => happens(plant)));
        return this;
    }

    /// <summary>Plays it to its end: all heals, every station is stopped, everything is concluded.</summary>
    public Scene Play()
    {
        var report = Simulator.Run(Plant, 0, plant => _script.ForEach(s => s(plant)));
        Assert.True(report.Violation is null, report.Violation);
        return this;
    }

    /// <summary>Parts stamped from, to (seconds).</summary>
    public IReadOnlyList<Part> Stamped(double from, double to) => [.. Parts.Where(p => p.StampedAt >= TimeSpan.FromSeconds(from) && p.StampedAt < TimeSpan.FromSeconds(to)).OrderBy(p => p.Number)];

    public Conclusion? Of(Part part) => Plant.Auditor.Find(part.Key);

    public long Count(FallbackReason reason) => Plant.Auditor.Counts.GetValueOrDefault(Conclusion.FellBack(reason));

    public IReadOnlyList<Checking.AuditedEpoch> Epochs(StationShape? station = null) =>
        [.. Plant.Auditor.Epochs.Values.Where(e => e.Station == (station ?? Press).Station && e.Holder.Value != "closer").OrderBy(e => e.Number)];

    /// <summary>Every part stamped then was decided, and every good one that had time to arrive passed.</summary>
    public void Works(double from, double to) => Assert.All(Stamped(from, to), part =>
    {
        Assert.True(Of(part) is { IsDecided: true }, $"{part.Key}, stamped at {part.StampedAt.TotalSeconds:0.00} s, is {Of(part)}");
        Assert.True(!Of(part)!.Value.IsOk || part.Passed, $"{part.Key}, stamped at {part.StampedAt.TotalSeconds:0.00} s, is OK and did not pass");
    });
}
