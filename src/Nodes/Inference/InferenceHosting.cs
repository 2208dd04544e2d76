using Akka.Actor;

namespace Inspection.Nodes.Inference;

public static class InferenceHosting
{
    /// <summary>One thread an actor; see cluster-config/base.hocon.</summary>
    public const string Dispatcher = "akka.actor.inspection-inference-dispatcher";

    /// <summary>Starts workers that pull from <paramref name="dispatcher"/>. On a CPU: one detector a core (rule W5).</summary>
    public static void StartWorkers(this ActorSystem system, IActorRef dispatcher, int detectors, int verifiers)
    {
        var count = detectors > 0 ? detectors : Environment.ProcessorCount;
        for (var i = 0; i < count; i++)
        {
            _ = system.ActorOf(CoarseDetector.Props(dispatcher), $"coarse-detector-{i + 1}");
        }

        for (var i = 0; i < verifiers; i++)
        {
            _ = system.ActorOf(Verifier.Props(dispatcher), $"verifier-{i + 1}");
        }
    }
}
