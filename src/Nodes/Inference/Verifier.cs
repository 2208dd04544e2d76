using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Work;
using Inspection.Vision.Inference;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Inference;

/// <summary>Looks closely at the candidate regions of a frame, at full resolution (rule W6). A pinned thread of its own.</summary>
public sealed class Verifier(IActorRef dispatcher, IReadOnlyList<VerifierModel> known, Action opened) : UntypedActor
{
    private readonly Sessions<VerifierModel, IVerifierSession> _sessions = new(m => m.Open());
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private WorkerReady _ready = null!;

    /// <inheritdoc cref="CoarseDetector.Props"/>
    public static Props Props(IActorRef dispatcher, IReadOnlyList<VerifierModel> known, Action opened) =>
        Akka.Actor.Props.Create(() => new Verifier(dispatcher, known, opened)).WithDispatcher(InferenceHosting.Dispatcher);

    protected override void PreStart()
    {
        _sessions.Open(known, m => m.Directory, _log);
        opened();
        _ready = new WorkerReady(Self, WorkStage.Verify);
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
            Look(ticket);
        }
        catch (Exception e)
        {
            // the view stays an unverified candidate, which is never OK (rule W7)
            _log.Error(e, "verifier inference failed on {Key}", ticket.Key);
            throw;
        }
        finally
        {
            ticket.Done(ticket);
        }

        dispatcher.Tell(_ready);
    }

    private void Look(FrameTicket ticket)
    {
        var model = ticket.Models.Verifier!;
        var session = _sessions.Of(model);
        session.Run(ticket.Slot!, ticket.Regions, ticket.ProbabilityRoom(model.Manifest.Verifier!.Classes.Count));
        ticket.Verify(session.Stamp);
    }
}
