using Akka.Actor;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Inference;

/// <summary>What a node's workers are.</summary>
public sealed record WorkerOptions
{
    /// <summary>Coarse workers; 0: none.</summary>
    public required int Detectors { get; init; }

    /// <summary>Verifier workers; 0: none.</summary>
    public required int Verifiers { get; init; }

    /// <summary>Opened by every worker before it gives its first credit.</summary>
    public required IReadOnlyList<LineModels> Models { get; init; }

    /// <summary>For sessions that run batches (a GPU): one detector a GPU, and its batch sizes. Null: one frame at a time (rule W5).</summary>
    public BatchPlannerOptions? Batching { get; init; }

    /// <summary>Rule W5 on a CPU: one single-threaded detector a core.</summary>
    /// <param name="detectors">0: one a core.</param>
    public static WorkerOptions Cpu(int detectors, int verifiers, IReadOnlyList<LineModels> models) =>
        new() { Detectors = detectors > 0 ? detectors : Environment.ProcessorCount, Verifiers = verifiers, Models = models };
}

/// <summary>A node's workers, started.</summary>
/// <param name="CoarseSessions">Coarse frames that can be looked at at once; for a batching detector two of its largest batches.</param>
/// <param name="VerifySessions">The same of the other stage.</param>
/// <param name="Ready">Completes when each has opened its sessions.</param>
public sealed record InferenceWorkers(int CoarseSessions, int VerifySessions, Task Ready);

public static class InferenceHosting
{
    /// <summary>One thread an actor; see cluster-config/base.hocon.</summary>
    public const string Dispatcher = "akka.actor.inspection-inference-dispatcher";

    /// <summary>Starts workers that pull from <paramref name="dispatcher"/>.</summary>
    public static InferenceWorkers StartWorkers(this ActorSystem system, IActorRef dispatcher, WorkerOptions options, MonotonicClock clock)
    {
        var ready = new List<Task>();
        var coarse = options.Models.Select(m => m.Coarse).Distinct(ReferenceEqualityComparer.Instance).Cast<CoarseModel>().ToArray();
        var verifiers = options.Models.Select(m => m.Verifier).OfType<VerifierModel>().Distinct(ReferenceEqualityComparer.Instance).Cast<VerifierModel>().ToArray();
        for (var i = 1; i <= options.Detectors; i++)
        {
            var props = options.Batching is { } batching
                ? BatchDetector.Props(dispatcher, coarse, batching, clock, Opened(ready))
                : CoarseDetector.Props(dispatcher, coarse, Opened(ready));
            _ = system.ActorOf(props, $"coarse-detector-{i}");
        }

        for (var i = 1; i <= options.Verifiers; i++)
        {
            _ = system.ActorOf(Verifier.Props(dispatcher, verifiers, Opened(ready)), $"verifier-{i}");
        }

        var sessions = options.Detectors * (options.Batching is { } batches ? 2 * batches.Buckets[^1] : 1);
        return new InferenceWorkers(sessions, options.Verifiers, Task.WhenAll(ready));
    }

    private static Action Opened(List<Task> ready)
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ready.Add(opened.Task);
        return () => opened.TrySetResult();
    }
}
