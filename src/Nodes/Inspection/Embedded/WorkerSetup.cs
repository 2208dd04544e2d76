using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Inference;
using Inspection.Vision.Work;

namespace Inspection.Embedded;

/// <summary>A node's settings as its workers.</summary>
internal static class WorkerSetup
{
    /// <summary>Real sessions run one frame at a time; a simulated one stands for a GPU: one detector that runs batches (rule W5).</summary>
    public static WorkerOptions Of(InferenceSettings settings, IReadOnlyList<LineModels> models) => settings.Simulated is null
        ? WorkerOptions.Cpu(settings.Detectors, settings.Verifiers, models)
        : new WorkerOptions { Detectors = Math.Max(1, settings.Detectors), Verifiers = settings.Verifiers, Models = models, Batching = BatchPlannerOptions.Gpu };
}
