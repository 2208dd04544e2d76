using Inspection.Decisions.Gate;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Inference;

namespace Inspection.Benchmarks.Rig;

/// <summary>A line whose detector's time is fixed, as one regime of overload wants it.</summary>
/// <param name="Name">Of the regime.</param>
/// <param name="Detectors">Coarse workers of one frame at a time, or of batches.</param>
/// <param name="Coarse">What a coarse run takes.</param>
/// <param name="Batches">Batch sizes; null: one frame at a time.</param>
/// <param name="Verify">What the one verifier takes; null: there is none.</param>
/// <param name="Deadline">From trigger to decision of a paced line; a pulled one has the default of 30 s.</param>
/// <param name="Ring">Slots of the camera; the window is a quarter more and at least 64, so that the ring is what fills.</param>
/// <param name="HasBound">Whether its goodput is held against its capacity.</param>
internal sealed record LoadedLine(string Name, int Detectors, SimulatedLatency Coarse, IReadOnlyList<int>? Batches, TimeSpan? Verify, TimeSpan Deadline, int Ring, bool HasBound = true)
{
    private static readonly TimeSpan PulledDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CommitBudget = TimeSpan.FromMilliseconds(100);

    /// <summary>The real embedded plant, from its first trigger to a clean end.</summary>
    /// <param name="folder">For journal, key, package and the ejector's log; made.</param>
    /// <param name="frames">Handed over by the camera.</param>
    /// <param name="perSecond">Null: pulled.</param>
    /// <param name="settle">After the first trigger; then what is measured begins.</param>
    /// <param name="measured">Then no more is triggered.</param>
    public async Task<LoadedRun> RunAsync(string folder, Frames frames, double? perSecond, TimeSpan settle, TimeSpan measured)
    {
        _ = Directory.CreateDirectory(folder);
        var set = SimulatedModels.Make(Path.Combine(folder, "package"), Coarse, Verify);
        var plant = PlantOf(folder, perSecond);
        var parts = new CountedParts();
        var line = plant.Lines[0];
        DateTime from;
        await using (var embedded = await EmbeddedPlant.StartAsync(plant, PlantModels.Of(line.Line, set), CancellationToken.None))
        {
            var station = line.Stations[0];
            var camera = new CameraSetup(station.Cameras[0], () => new MemoryCamera(frames, static _ => { }));
            embedded.StartStations([new StationSetup(line, station, set.Models, parts, [camera])], static what => throw new IOException(what));
            from = await parts.FirstAsync() + settle;
            using var time = new CancellationTokenSource(settle + measured);
            await using var stop = time.Token.Register(embedded.StopStations);
            await embedded.Finished;
        }

        return LoadedRun.Read(plant, parts.Issued, from, measured);
    }

    private Plant PlantOf(string folder, double? perSecond)
    {
        var deadline = perSecond is null ? PulledDeadline : Deadline;
        return new Plant
        {
            Name = "bench",
            File = Path.Combine(folder, "plant.yaml"),
            Journal = new JournalPlan.Sqlite(Path.Combine(folder, "journal.sqlite")),
            KeyPath = Path.Combine(folder, "key"),
            Inference = new InferenceSettings("cpu", 0, Detectors, Verify is null ? 0 : 1, Batches is null ? null : new SimulatedInference(Coarse.Base, Coarse.PerFrame))
            {
                Gpu = new GpuSettings { Batches = Batches ?? [1] },
            },
            Lines =
            [
                new LinePlan
                {
                    Line = new LineId("bench"),
                    Recipe = new RecipePlan
                    {
                        Name = "bench",
                        CoarsePackage = "simulated",
                        VerifierPackage = Verify is null ? null : "simulated",
                        Deadline = deadline,
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
                            Pace = new Pace(perSecond),
                            Window = Math.Max(64, Ring + (Ring / 4)),
                            Gate = new GatePlan(perSecond is null ? Transport.Indexed : Transport.Conveyor, perSecond is null ? TimeSpan.Zero : deadline + CommitBudget, Path.Combine(folder, "ejector.jsonl")),
                            Cameras = [BenchPlant.Camera(SimulatedModels.Side) with { RingSlots = Ring }],
                        },
                    ],
                },
            ],
        };
    }

    /// <summary>Parts without end; tells how many were asked for, and when the first was. One thread asks.</summary>
    private sealed class CountedParts : IPartSource
    {
        private readonly TaskCompletionSource<DateTime> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _issued;

        public long Issued => Volatile.Read(ref _issued);

        public Task<DateTime> FirstAsync() => _first.Task.WaitAsync(TimeSpan.FromMinutes(3));

        public string? NextAfter(string externalId)
        {
            _ = _first.TrySetResult(DateTime.UtcNow);
            return $"part-{Interlocked.Increment(ref _issued):D8}";
        }

        public long? CountAfter(string externalId) => null;
    }
}
