using Akka.Actor;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>What every link of a worker node shares.</summary>
/// <param name="Self">This node.</param>
/// <param name="Dispatcher">The node's own dispatcher: the same workers do local and remote work.</param>
internal sealed record WorkerNode(NodeId Self, IActorRef Dispatcher, WorkerModels Models, WorkerRoom Room, WorkPool Pool, MonotonicClock Clock, uint ProtocolVersion);
