using Inspection.Decisions.Gate;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;

namespace Inspection.Benchmarks.Rig;

/// <summary>
/// The real embedded plant (cluster of one, SQLite journal, line supervisor, gate with its log, camera graph, detectors), with one line, one
/// station and one camera that hands over frames from memory. One view a part: the dearest case for ledger and journal.
/// </summary>
internal static class BenchPlant
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5); // a busy machine must not turn frames into fallbacks

    /// <param name="package">Directory of the coarse package.</param>
    /// <param name="state">Directory of journal, key and ejector log; empty or missing.</param>
    /// <param name="parts">The run ends after so many.</param>
    /// <param name="detectors">Coarse workers.</param>
    /// <param name="before">See <see cref="MemoryCamera"/>.</param>
    /// <param name="archives">Whether frames are kept: all that are not OK, one of a hundred that are.</param>
    /// <exception cref="InvalidOperationException">A part fell back or is open: the run's figures mean nothing.</exception>
    public static async Task RunAsync(string package, string state, Frames frames, int parts, int detectors, Action<long> before, bool archives = false)
    {
        _ = Directory.CreateDirectory(state);
        var plant = PlantOf(package, state, frames.Side, detectors) with { Archive = archives ? new ArchivePlan(Path.Combine(state, "frames"), 0.01) : null };
        var models = PlantModels.Load(plant);
        await using var embedded = await EmbeddedPlant.StartAsync(plant, models, CancellationToken.None);
        var (line, station) = (plant.Lines[0], plant.Lines[0].Stations[0]);
        var camera = new CameraSetup(station.Cameras[0], () => new MemoryCamera(frames, before));
        embedded.StartStations([new StationSetup(line, station, models.Of(line.Line).Models, new MemoryParts(parts), [camera])], static what => throw new IOException(what));
        await embedded.Finished;
        var status = (await embedded.StatusAsync()).Single();
        if (status.Accepted != parts || status.Fallback != 0 || status.Open != 0)
        {
            throw new InvalidOperationException($"of {parts} parts {status.Accepted} were accepted, {status.Fallback} fell back and {status.Open} are open: the figures of this run mean nothing");
        }
    }

    private static Plant PlantOf(string package, string state, int side, int detectors) => new()
    {
        Name = "bench",
        File = Path.Combine(state, "plant.yaml"),
        Journal = new JournalPlan.Sqlite(Path.Combine(state, "journal.sqlite")),
        KeyPath = Path.Combine(state, "key"),
        Inference = new InferenceSettings("cpu", 0, detectors, 0),
        Lines =
        [
            new LinePlan
            {
                Line = new LineId("bench"),
                Recipe = new RecipePlan
                {
                    Name = "bench",
                    CoarsePackage = package,
                    Deadline = Deadline,
                    OnNg = Disposition.Scrap,
                    OnReview = Disposition.Hold,
                    OnFallback = Disposition.Hold,
                    ByDefect = [],
                },
                Stations =
                [
                    new StationPlan
                    {
                        Station = new StationId("station"),
                        Pace = Pace.Pulled,
                        Window = 64,
                        Gate = new GatePlan(Transport.Indexed, TimeSpan.Zero, Path.Combine(state, "ejector.jsonl")),
                        Cameras = [Camera(side)],
                    },
                ],
            },
        ],
    };

    /// <summary>As a plant file's defaults, but for the size of a frame.</summary>
    public static CameraPlan Camera(int side) => new() { Camera = new CameraId("camera"), RingSlots = 8, MaxMegapixels = side * side / 1e6, FrozenAfter = 0 };
}
