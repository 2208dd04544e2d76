using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;
using Inspection.Decisions.Work;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// Sends tickets to the work dispatcher and takes them back, in any order: at most <c>inFlight</c> at once, which is this graph's only
/// buffer and equals the ring's size. A candidate goes round a second time, to a verifier (rule W6). Tickets that ended before pass by.
/// </summary>
public sealed class Inspect(IActorRef dispatcher, int inFlight) : GraphStage<FlowShape<FrameTicket, FrameTicket>>
{
    private readonly Inlet<FrameTicket> _in = new("inspect.in");
    private readonly Outlet<FrameTicket> _out = new("inspect.out");

    public static Flow<FrameTicket, FrameTicket, NotUsed> By(IActorRef dispatcher, int inFlight) => Flow.FromGraph(new Inspect(dispatcher, inFlight));

    public override FlowShape<FrameTicket, FrameTicket> Shape => new(_in, _out);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, dispatcher, inFlight);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly Inspect _stage;
        private readonly IActorRef _dispatcher;
        private readonly int _most;
        private readonly Action<FrameTicket> _done;
        private readonly TicketInbox _answered;
        private readonly Action _wake;
        private readonly Queue<FrameTicket> _finished;
        private int _away;

        public Logic(Inspect stage, IActorRef dispatcher, int most)
            : base(stage.Shape)
        {
            _stage = stage;
            _dispatcher = dispatcher;
            _most = most;
            _answered = new TicketInbox(most);
            _done = _answered.Add;
            _wake = GetAsyncCallback(OnAnswers);
            _finished = new Queue<FrameTicket>(most);
            SetHandlers(stage._in, stage._out, this);
        }

        public override void PreStart()
        {
            Pull(_stage._in);
            OnAnswers();
        }

        public override void OnPush()
        {
            var ticket = Grab(_stage._in);
            if (ticket.Outcome is null)
            {
                _away++;
                ticket.Done = _done;
                ticket.Stage = WorkStage.Coarse;
                _dispatcher.Tell(ticket);
            }
            else
            {
                _finished.Enqueue(ticket);
                Emit();
            }

            PullMore();
        }

        public override void OnPull()
        {
            Emit();
            FinishWhenEmpty();
        }

        public override void OnUpstreamFinish() => FinishWhenEmpty();

        private void OnAnswers()
        {
            while (_answered.TryTake(_wake, out var ticket))
            {
                if (ticket is { Stage: WorkStage.Coarse, RegionCount: > 0, Outcome: Protocol.ViewOutcome.Scored } && ticket.Models.Verifier is not null)
                {
                    ticket.Stage = WorkStage.Verify;
                    _dispatcher.Tell(ticket);
                    continue;
                }

                _away--;
                _finished.Enqueue(ticket);
                Emit();
            }

            PullMore();
            FinishWhenEmpty();
        }

        private void Emit()
        {
            if (_finished.Count > 0 && IsAvailable(_stage._out))
            {
                Push(_stage._out, _finished.Dequeue());
            }
        }

        private void PullMore()
        {
            if (_away + _finished.Count < _most && !HasBeenPulled(_stage._in) && !IsClosed(_stage._in))
            {
                Pull(_stage._in);
            }
        }

        private void FinishWhenEmpty()
        {
            if (IsClosed(_stage._in) && _away == 0 && _finished.Count == 0)
            {
                CompleteStage();
            }
        }
    }
}
