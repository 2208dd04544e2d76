using Akka.Actor;
using Inspection.Decisions.Work;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>The workers of this process by the name that the leases know them by. Belongs to the dispatcher's thread.</summary>
internal sealed class LocalWorkers(WorkLeases<FrameTicket> leases)
{
    private readonly Dictionary<IActorRef, WorkerId> _ids = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<WorkerId, IActorRef> _actors = [];

    public IEnumerable<IActorRef> All => _ids.Keys;

    public IActorRef this[WorkerId worker] => _actors[worker];

    public bool TryFind(IActorRef actor, out WorkerId worker) => _ids.TryGetValue(actor, out worker);

    public WorkerId Join(IActorRef actor, WorkStage stage)
    {
        var worker = leases.JoinLocal(stage);
        _ids.Add(actor, worker);
        _actors.Add(worker, actor);
        return worker;
    }

    public void Leave(IActorRef actor, TimeSpan now)
    {
        if (_ids.Remove(actor, out var worker))
        {
            _ = _actors.Remove(worker);
            leases.Lost(worker, now);
        }
    }
}
