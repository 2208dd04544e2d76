using Akka.Actor;
using Inspection.Decisions.Work;

namespace Inspection.Nodes.Hosting.Work;

/// <summary>Rule W1: one credit of a worker in this process. Each worker makes one and sends it again after each answer.</summary>
public sealed record WorkerReady(IActorRef Worker, WorkStage Stage) : INoSerializationVerificationNeeded;
