using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Hosting.Work;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Protocol;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>
/// The node's work, earliest deadline first; workers pull with credit (rule W1). In this process a hand-over of the ticket: no copy, no
/// lease; to worker nodes by lease over their streams. Shell over <see cref="WorkLeases{TWork}"/>.
/// </summary>
public sealed class WorkDispatcher : UntypedActor, IWithTimers
{
    private static readonly TimeSpan LookForOverdue = TimeSpan.FromMilliseconds(50);

    private readonly WorkLeases<FrameTicket> _leases;
    private readonly LocalWorkers _locals;
    private readonly RemoteWorkers _remotes;
    private readonly MonotonicClock _clock;
    private readonly NodeMetrics _metrics;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    private WorkDispatcher(MonotonicClock clock, NodeMetrics metrics, WorkLeases<FrameTicket> leases, LocalWorkers locals, RemoteWorkers remotes)
    {
        _leases = leases;
        _locals = locals;
        _remotes = remotes;
        _clock = clock;
        _metrics = metrics;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Work and workers outlive the actor: a dispatcher that is started anew has lost neither work nor credit.</summary>
    public static Props Props(MonotonicClock clock, NodeMetrics metrics, WorkLeasesOptions? options = null)
    {
        var leases = new WorkLeases<FrameTicket>(options ?? new WorkLeasesOptions());
        var locals = new LocalWorkers(leases);
        var remotes = new RemoteWorkers(leases, clock, metrics);
        return Akka.Actor.Props.CreateBy(new Producer(() => new WorkDispatcher(clock, metrics, leases, locals, remotes))).WithDispatcher(OneLane.Dispatcher);
    }

    protected override void PreStart()
    {
        foreach (var worker in _locals.All)
        {
            _ = Context.Watch(worker);
        }

        Timers.StartPeriodicTimer("overdue", Overdue.Instance, LookForOverdue);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FrameTicket ticket:
                if (!_leases.TryAdd(ticket, TermsOf(ticket), _clock.Now))
                {
                    GiveUp(ticket, "the work queue is full");
                }

                Match();
                break;
            case WorkerReady ready:
                if (!_locals.TryFind(ready.Worker, out var worker))
                {
                    worker = _locals.Join(Context.Watch(ready.Worker), ready.Stage);
                }

                _leases.Credit(worker, _clock.Now);
                Match();
                break;
            case RemoteMessage said:
                _remotes.Take(said, _log);
                Match();
                break;
            case Overdue:
                Match();
                Report();
                break;
            case Terminated gone:
                _locals.Leave(gone.ActorRef, _clock.Now);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Match()
    {
        var now = _clock.Now;
        while (_leases.TryTakeOverdue(now, out var late))
        {
            GiveUp(late, "its deadline came before a worker was free");
        }

        while (_leases.TryOffer(now, out var offer))
        {
            if (offer.IsLocal)
            {
                _remotes.Ended(offer.Work);
                _locals[offer.Worker].Tell(offer.Work);
            }
            else
            {
                _remotes.Send(offer);
            }
        }
    }

    private void Report()
    {
        var now = _clock.Now;
        var (coarse, verify) = (_leases.Status(WorkStage.Coarse, now), _leases.Status(WorkStage.Verify, now));
        _metrics.SetWork(new WorkSnapshot(coarse, verify, _leases.Counts, _leases.Workers(now)));
    }

    private static WorkTerms TermsOf(FrameTicket ticket)
    {
        var package = ticket.Stage == WorkStage.Coarse ? ticket.Models.Coarse.Package : ticket.Models.Verifier!.Package;
        var ring = ticket.Slot?.Ring;
        return new WorkTerms(ticket.Stage, package, ticket.DeadlineAt)
        {
            Verifier = ticket.Stage == WorkStage.Coarse ? ticket.Models.Verifier?.Package ?? Digest.None : Digest.None,
            LocalOnly = ticket.LocalOnly,
            Ring = ring is null ? 0 : RuntimeHelpers.GetHashCode(ring),
            RingSlots = ring?.Count ?? 0,
        };
    }

    /// <summary>Rule W7: an explicit fallback; a candidate that no verifier saw keeps its score and is never OK.</summary>
    private void GiveUp(FrameTicket ticket, string why)
    {
        _remotes.Ended(ticket);
        if (FrameWay.GivenUp(ticket.Stage) is { } outcome)
        {
            ticket.EndWith(outcome, why);
        }

        ticket.Done(ticket);
    }

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
