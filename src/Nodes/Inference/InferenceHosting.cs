using Akka.Actor;

namespace Inspection.Nodes.Inference;

public static class InferenceHosting
{
    /// <summary>One thread an actor; see cluster-config/base.hocon.</summary>
    public const string Dispatcher = "akka.actor.inspection-inference-dispatcher";

    /// <summary>On a CPU: one detector a core (rule W5).</summary>
    /// <param name="asked">0: as many as there are cores.</param>
    public static int Detectors(int asked) => asked > 0 ? asked : Environment.ProcessorCount;

    /// <summary>Starts workers that pull from <paramref name="dispatcher"/>.</summary>
    public static void StartWorkers(this ActorSystem system, IActorRef dispatcher, int detectors, int verifiers)
    {
        for (var i = 0; i < detectors; i++)
        {
            _ = system.ActorOf(CoarseDetector.Props(dispatcher), $"coarse-detector-{i + 1}");
        }

        for (var i = 0; i < verifiers; i++)
        {
            _ = system.ActorOf(Verifier.Props(dispatcher), $"verifier-{i + 1}");
        }
    }
}
