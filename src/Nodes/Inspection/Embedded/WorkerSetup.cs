using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Inference;
using Inspection.Vision.Work;

namespace Inspection.Embedded;

/// <summary>A node's settings as its workers.</summary>
internal static class WorkerSetup
{
    /// <summary>Real sessions run one frame at a time; a simulated one stands for a GPU: one detector that runs batches (rule W5).</summary>
    /// <param name="settings">Of the node.</param>
    /// <param name="models">What its workers open.</param>
    /// <param name="detects">Whether the node has coarse workers.</param>
    /// <param name="verifies">Whether it has verifiers.</param>
    public static WorkerOptions Of(InferenceSettings settings, IReadOnlyList<LineModels> models, bool detects, bool verifies)
    {
        var all = Of(settings, models);
        return all with { Detectors = detects ? all.Detectors : 0, Verifiers = verifies ? all.Verifiers : 0 };
    }

    public static WorkerOptions Of(InferenceSettings settings, IReadOnlyList<LineModels> models) => settings.Simulated is null
        ? WorkerOptions.Cpu(settings.Detectors, settings.Verifiers, models)
        : new WorkerOptions { Detectors = Math.Max(1, settings.Detectors), Verifiers = settings.Verifiers, Models = models, Batching = BatchPlannerOptions.Gpu };
}
