using Inspection.Decisions.Gate;
using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>A plant file, read and validated. Paths are absolute.</summary>
public sealed record Plant
{
    public required string Name { get; init; }

    public required string File { get; init; }

    /// <summary>Over the file's text as it stands, before environment variables: all nodes of a plant read the same file.</summary>
    public Digest Digest { get; init; }

    public required JournalPlan Journal { get; init; }

    /// <summary>The local signing key of embedded mode.</summary>
    public required string KeyPath { get; init; }

    /// <summary>Null: a plant of many nodes that names none keeps no log.</summary>
    public LogPlan? Log { get; init; }

    /// <summary>Null: no frames are kept.</summary>
    public ArchivePlan? Archive { get; init; }

    public required InferenceSettings Inference { get; init; }

    public required IReadOnlyList<LinePlan> Lines { get; init; }
}

/// <summary>How models run on this node.</summary>
/// <param name="Provider">cpu, cuda or tensorrt; a missing one is an error, never a silent fall-back.</param>
/// <param name="DeviceId">The GPU.</param>
/// <param name="Detectors">Coarse workers; 0: one a core (rule W5).</param>
/// <param name="Verifiers">Verifier workers.</param>
/// <param name="Simulated">For trials of capacity without a GPU: coarse runs only take their time. Null: real inference.</param>
public sealed record InferenceSettings(string Provider, int DeviceId, int Detectors, int Verifiers, SimulatedInference? Simulated = null)
{
    public GpuSettings Gpu { get; init; } = new();

    /// <summary>Package name to the provider it runs on, where that is not <see cref="Provider"/>.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary>Then coarse frames run in batches, on one session a GPU (rule W5).</summary>
    public bool UsesGpu => Models.Values.Append(Provider).Any(p => p != "cpu");
}

/// <summary>How models run where they run on a GPU.</summary>
public sealed record GpuSettings
{
    /// <summary>Most of the GPU's memory for one session, in MiB; 0: what it needs.</summary>
    public int MemoryLimitMib { get; init; }

    /// <summary>Batch sizes, ascending from 1.</summary>
    public IReadOnlyList<int> Batches { get; init; } = BatchPlannerOptions.GpuBuckets;

    /// <summary>Each batch size's kernels are recorded once and launched together.</summary>
    public bool CudaGraphs { get; init; }

    /// <summary>Whether tensor cores may round to 10 bits: faster, and scores move a little.</summary>
    public bool Tf32 { get; init; }

    /// <summary>Where TensorRT's engines are kept; null: built at each start.</summary>
    public string? EngineCache { get; init; }
}

/// <summary>A run of b frames takes Base + b * PerFrame (rule W5). Its records say "simulated".</summary>
public sealed record SimulatedInference(TimeSpan Base, TimeSpan PerFrame);

public sealed record LinePlan
{
    public required LineId Line { get; init; }

    public required RecipePlan Recipe { get; init; }

    public required IReadOnlyList<StationPlan> Stations { get; init; }
}

public sealed record RecipePlan
{
    public required string Name { get; init; }

    public required string CoarsePackage { get; init; }

    public string? VerifierPackage { get; init; }

    public required TimeSpan Deadline { get; init; }

    public required Disposition OnNg { get; init; }

    public required Disposition OnReview { get; init; }

    public required Disposition OnFallback { get; init; }

    public required EquatableList<DefectDisposition> ByDefect { get; init; }
}

/// <summary>Rule S3: pulled, or so many triggers a second.</summary>
public readonly record struct Pace(double? PerSecond)
{
    public static Pace Pulled => default;

    public bool IsPulled => PerSecond is null;

    public override string ToString() => PerSecond is { } rate ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rate:0.###}/s") : "pulled";
}

public sealed record StationPlan
{
    public required StationId Station { get; init; }

    public required Pace Pace { get; init; }

    public required int Window { get; init; }

    public required GatePlan Gate { get; init; }

    public required IReadOnlyList<CameraPlan> Cameras { get; init; }
}

/// <param name="Transport">How parts reach the ejector.</param>
/// <param name="Travel">Camera to ejector, the longest.</param>
/// <param name="EjectorLog">Where the simulated ejector writes what it did.</param>
/// <param name="StopAfter">The interlock stops the line after so many fallbacks in a row; 0: never.</param>
public sealed record GatePlan(Transport Transport, TimeSpan Travel, string EjectorLog, int StopAfter = 0)
{
    public static readonly TimeSpan DefaultPassWindow = new GateOptions { Transport = default, Travel = default }.PassWindow;

    /// <summary>How long after its arrival a part can still be passed.</summary>
    public TimeSpan PassWindow { get; init; } = DefaultPassWindow;

    /// <summary>The ejector at the other end of an MQTT broker; null: the simulated one.</summary>
    public MqttPlan? Mqtt { get; init; }
}

public sealed record CameraPlan
{
    public required CameraId Camera { get; init; }

    public required int RingSlots { get; init; }

    /// <summary>Largest frame, in millions of pixels.</summary>
    public required double MaxMegapixels { get; init; }

    /// <summary>Fire "frozen" after so many equal frames; 0 never.</summary>
    public required int FrozenAfter { get; init; }

    public FolderSource? Folder { get; init; }

    public SyntheticSource? Synthetic { get; init; }
}

/// <param name="Path">The folder.</param>
/// <param name="Labelled">Whether the first folder of an image's relative path is its label.</param>
public sealed record FolderSource(string Path, bool Labelled);

public sealed record SyntheticSource(int Seed, int Width, int Height, double DefectRate, long? Parts);
