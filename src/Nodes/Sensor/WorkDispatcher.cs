using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Hosting.Work;
using Inspection.Protocol;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>
/// The node's work, earliest deadline first, one queue a stage; workers pull with credit (rule W1). In this process a hand-over of the
/// ticket: no copy, no lease. Shell over <see cref="DeadlineQueue{TWork,TWorker}"/>.
/// </summary>
public sealed class WorkDispatcher : UntypedActor, IWithTimers
{
    /// <summary>Frames that may wait for one stage; more than all rings of a node together hold.</summary>
    private const int QueueCapacity = 4096;

    private static readonly TimeSpan LookForOverdue = TimeSpan.FromMilliseconds(50);

    private readonly DeadlineQueue<FrameTicket, WorkerReady> _coarse;
    private readonly DeadlineQueue<FrameTicket, WorkerReady> _verify;
    private readonly MonotonicClock _clock;
    private readonly NodeMetrics _metrics;

    private WorkDispatcher(MonotonicClock clock, NodeMetrics metrics, DeadlineQueue<FrameTicket, WorkerReady> coarse, DeadlineQueue<FrameTicket, WorkerReady> verify)
    {
        _coarse = coarse;
        _verify = verify;
        _clock = clock;
        _metrics = metrics;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The queues outlive the actor: a dispatcher that is started anew has lost neither work nor credit.</summary>
    public static Props Props(MonotonicClock clock, NodeMetrics metrics)
    {
        var coarse = new DeadlineQueue<FrameTicket, WorkerReady>(QueueCapacity);
        var verify = new DeadlineQueue<FrameTicket, WorkerReady>(QueueCapacity);
        return Akka.Actor.Props.CreateBy(new Producer(() => new WorkDispatcher(clock, metrics, coarse, verify)));
    }

    protected override void PreStart() => Timers.StartPeriodicTimer("overdue", Overdue.Instance, LookForOverdue);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FrameTicket ticket:
                var queue = QueueOf(ticket.Stage);
                if (!queue.TryAdd(ticket, ticket.DeadlineAt.Ticks))
                {
                    GiveUp(ticket, "the work queue is full");
                }

                Match(queue);
                break;
            case WorkerReady ready:
                QueueOf(ready.Stage).AddCredit(ready);
                Match(QueueOf(ready.Stage));
                break;
            case Overdue:
                Match(_coarse);
                Match(_verify);
                _metrics.SetQueues(_coarse.Waiting, _verify.Waiting, _coarse.Credit, _verify.Credit);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Match(DeadlineQueue<FrameTicket, WorkerReady> queue)
    {
        var now = _clock.Now.Ticks;
        while (queue.TryTakeOverdue(now, out var late))
        {
            GiveUp(late, "its deadline came before a worker was free");
        }

        while (queue.TryMatch(out var ticket, out var ready))
        {
            ready.Worker.Tell(ticket);
        }
    }

    /// <summary>Rule W7: an explicit fallback; a candidate that no verifier saw keeps its score and is never OK.</summary>
    private static void GiveUp(FrameTicket ticket, string why)
    {
        if (ticket.Stage == WorkStage.Coarse)
        {
            ticket.EndWith(ViewOutcome.Shed, why);
        }

        ticket.Done(ticket);
    }

    private DeadlineQueue<FrameTicket, WorkerReady> QueueOf(WorkStage stage) => stage == WorkStage.Coarse ? _coarse : _verify;

    private sealed class Producer(Func<WorkDispatcher> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(WorkDispatcher);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Overdue : INoSerializationVerificationNeeded
    {
        public static readonly Overdue Instance = new();
    }
}
