using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Policy;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Work;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Inference;

/// <summary>
/// Looks at every frame. Runs on a pinned thread of its own (rule W5) and holds one single-threaded session a package. Pulls: it gets
/// the next frame only after it answered the last.
/// </summary>
public sealed class CoarseDetector(IActorRef dispatcher) : UntypedActor
{
    private readonly Dictionary<CoarseModel, ICoarseSession> _sessions = new(ReferenceEqualityComparer.Instance);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private WorkerReady _ready = null!;

    public static Props Props(IActorRef dispatcher) => Akka.Actor.Props.Create(() => new CoarseDetector(dispatcher)).WithDispatcher(InferenceHosting.Dispatcher);

    protected override void PreStart()
    {
        _ready = new WorkerReady(Self, WorkStage.Coarse);
        dispatcher.Tell(_ready);
    }

    protected override void PostStop()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }
    }

    protected override void OnReceive(object message)
    {
        if (message is not FrameTicket ticket)
        {
            Unhandled(message);
            return;
        }

        try
        {
            Inspect(ticket);
        }
        catch (Exception e)
        {
            // an inference that fails is an outage of this worker, never evidence: the part falls back and the worker starts anew
            ticket.EndWith(ViewOutcome.NoModel, $"coarse inference failed: {e.Message}");
            _log.Error(e, "coarse inference failed on {Key}", ticket.Key);
            throw;
        }
        finally
        {
            ticket.Done(ticket);
        }

        dispatcher.Tell(_ready);
    }

    private void Inspect(FrameTicket ticket)
    {
        var session = SessionOf(ticket.Models.Coarse);
        var slot = ticket.Slot!;
        var result = session.Run(slot);
        ticket.Score(result.Score, result.Ood, session.Stamp);
        if (ticket.Crops is { } crops && ViewPolicy.IsCandidate(result.Score, ticket.Models.Coarse.Policy))
        {
            var shape = session.Manifest.Coarse!;
            ticket.RegionCount = CandidateRegions.Select(
                session.AnomalyMap,
                shape.MapHeight,
                shape.MapWidth,
                slot.Geometry,
                crops,
                shape.Candidate,
                ticket.RegionRoom,
                ticket.PeakRoom);
        }
    }

    private ICoarseSession SessionOf(CoarseModel model)
    {
        if (!_sessions.TryGetValue(model, out var session))
        {
            _sessions[model] = session = model.Open();
        }

        return session;
    }
}
