using Akka.Actor;
using Akka.Event;
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
public sealed class CoarseDetector(IActorRef dispatcher, IReadOnlyList<CoarseModel> known, Action opened) : UntypedActor
{
    private readonly Sessions<CoarseModel, ICoarseSession> _sessions = new(m => m.Open());
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private WorkerReady _ready = null!;

    /// <param name="known">Opened before the first credit, so that no frame waits for it.</param>
    /// <param name="opened">Called when that is done.</param>
    public static Props Props(IActorRef dispatcher, IReadOnlyList<CoarseModel> known, Action opened) =>
        Akka.Actor.Props.Create(() => new CoarseDetector(dispatcher, known, opened)).WithDispatcher(InferenceHosting.Dispatcher);

    protected override void PreStart()
    {
        _sessions.Open(known, m => m.Directory, _log);
        opened();
        _ready = new WorkerReady(Self, WorkStage.Coarse);
        dispatcher.Tell(_ready);
    }

    protected override void PostStop() => _sessions.Dispose();

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
        var session = _sessions.Of(ticket.Models.Coarse);
        var slot = ticket.Slot!;
        var result = session.Run(slot);
        CoarseEvidence.Write(ticket, session, result, session.AnomalyMap);
    }
}
