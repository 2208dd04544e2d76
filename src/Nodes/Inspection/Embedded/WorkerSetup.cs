using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Inference;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Work;

namespace Inspection.Embedded;

/// <summary>A node's settings as its workers.</summary>
internal static class WorkerSetup
{
    /// <summary>On a CPU sessions run one frame at a time; a GPU, and a simulated one, has one detector that runs batches (rule W5).</summary>
    /// <param name="settings">Of the node.</param>
    /// <param name="models">What its workers open.</param>
    /// <param name="detects">Whether the node has coarse workers.</param>
    /// <param name="verifies">Whether it has verifiers.</param>
    public static WorkerOptions Of(InferenceSettings settings, IReadOnlyList<LineModels> models, bool detects, bool verifies)
    {
        var all = Of(settings, models);
        return all with { Detectors = detects ? all.Detectors : 0, Verifiers = verifies ? all.Verifiers : 0 };
    }

    public static WorkerOptions Of(InferenceSettings settings, IReadOnlyList<LineModels> models) => settings.Simulated is null && !settings.UsesGpu
        ? WorkerOptions.Cpu(settings.Detectors, settings.Verifiers, models)
        : new WorkerOptions { Detectors = Math.Max(1, settings.Detectors), Verifiers = settings.Verifiers, Models = models, Batching = new BatchPlannerOptions { Buckets = settings.Gpu.Batches } };

    /// <summary>How this package runs on the node.</summary>
    public static InferenceOptions OptionsOf(InferenceSettings settings, string package)
    {
        var provider = Enum.Parse<InferenceProvider>(settings.Models.GetValueOrDefault(package, settings.Provider), ignoreCase: true);
        return new InferenceOptions
        {
            Provider = provider,
            DeviceId = settings.DeviceId,
            MemoryLimit = settings.Gpu.MemoryLimitMib == 0 ? null : (long)settings.Gpu.MemoryLimitMib << 20,
            Batches = settings.Gpu.Batches.ToEquatableList(),
            CudaGraphs = settings.Gpu.CudaGraphs && provider == InferenceProvider.Cuda,
            Tf32 = settings.Gpu.Tf32,
            EngineCache = settings.Gpu.EngineCache,
        };
    }
}
