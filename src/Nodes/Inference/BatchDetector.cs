using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Work;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Inference;

/// <summary>
/// The coarse worker of a session that runs batches (rule W5): one a GPU, on a pinned thread of its own. Pulls two of its largest batches, so
/// that one is gathered while the other runs; what runs when is <see cref="BatchPlanner"/>'s to say. Shell.
/// </summary>
public sealed class BatchDetector(IActorRef dispatcher, IReadOnlyList<CoarseModel> known, BatchPlannerOptions options, MonotonicClock clock, Action opened) : UntypedActor, IWithTimers
{
    private readonly Sessions<CoarseModel, ICoarseSession> _sessions = new(m => m.Open());
    private readonly Dictionary<CoarseModel, Lane> _lanes = new(ReferenceEqualityComparer.Instance);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly FrameTicket[] _batch = new FrameTicket[options.Buckets[^1]];
    private readonly FrameSlot[] _slots = new FrameSlot[options.Buckets[^1]];
    private readonly CoarseResult[] _results = new CoarseResult[options.Buckets[^1]];
    private readonly WorkerReady _ready = new(Context.Self, WorkStage.Coarse);
    private bool _planned;

    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc cref="CoarseDetector.Props"/>
    public static Props Props(IActorRef dispatcher, IReadOnlyList<CoarseModel> known, BatchPlannerOptions options, MonotonicClock clock, Action opened) =>
        Akka.Actor.Props.Create(() => new BatchDetector(dispatcher, known, options, clock, opened)).WithDispatcher(InferenceHosting.Dispatcher);

    protected override void PreStart()
    {
        Open();
        Credit(2 * _batch.Length);
    }

    /// <summary>Its credit has outlived it.</summary>
    protected override void PostRestart(Exception reason) => Open();

    protected override void PostStop()
    {
        // a worker that is started anew has lost nobody's frame
        foreach (var ticket in _lanes.Values.SelectMany(l => l.Waiting.UnorderedItems).Select(w => w.Element))
        {
            ticket.EndWith(ViewOutcome.NoModel, "the detector was stopped before it ran");
            ticket.Done(ticket);
            Credit(1);
        }

        _sessions.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FrameTicket ticket:
                LaneOf(ticket.Models.Coarse).Waiting.Enqueue(ticket, ticket.DeadlineAt);
                PlanSoon();
                break;
            case PlanNow:
                _planned = false;
                Plan();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Behind all frames that are in the mailbox already: they may share the batch.</summary>
    private void PlanSoon()
    {
        if (!_planned)
        {
            _planned = true;
            Self.Tell(PlanNow.Instance);
        }
    }

    /// <summary>The model whose frame is due first.</summary>
    private void Plan()
    {
        var (lane, earliest) = (default(Lane), TimeSpan.MaxValue);
        foreach (var other in _lanes.Values)
        {
            if (other.Waiting.TryPeek(out _, out var due) && due < earliest)
            {
                (lane, earliest) = (other, due);
            }
        }

        if (lane is null)
        {
            return;
        }

        var now = clock.Now;
        var plan = lane.Planner.Plan(lane.Waiting.Count, earliest, now);
        if (plan.RunsNow)
        {
            Run(lane, plan);
            PlanSoon();
        }
        else
        {
            Timers.StartSingleTimer("wait", PlanNow.Instance, plan.WaitUntil > now ? plan.WaitUntil - now : TimeSpan.Zero);
        }
    }

    private void Run(Lane lane, BatchPlan plan)
    {
        for (var i = 0; i < plan.Take; i++)
        {
            _batch[i] = lane.Waiting.Dequeue();
            _slots[i] = _batch[i].Slot!;
        }

        try
        {
            Look(lane, plan);
        }
        catch (Exception e)
        {
            foreach (var ticket in _batch.AsSpan(0, plan.Take))
            {
                ticket.EndWith(ViewOutcome.NoModel, $"coarse inference failed: {e.Message}");
            }

            _log.Error(e, "coarse inference failed on a batch of {Count}", plan.Take);
            throw;
        }
        finally
        {
            foreach (var ticket in _batch.AsSpan(0, plan.Take))
            {
                ticket.Done(ticket);
            }

            Credit(plan.Take);
        }
    }

    private void Open()
    {
        _sessions.Open(known, m => m.Directory, _log);
        opened();
    }

    private void Credit(int count)
    {
        for (var i = 0; i < count; i++)
        {
            dispatcher.Tell(_ready);
        }
    }

    private void Look(Lane lane, BatchPlan plan)
    {
        var session = _sessions.Of(lane.Model) as IBatchSession
            ?? throw new InvalidOperationException($"the session of package {lane.Model.Manifest.Name} runs no batches: take batching out of this node's configuration");
        var started = clock.Now;
        session.Run(_slots.AsSpan(0, plan.Take), plan.Bucket, _results.AsSpan(0, plan.Take));
        lane.Planner.Observe(plan.Bucket, clock.Now - started);
        for (var i = 0; i < plan.Take; i++)
        {
            CoarseEvidence.Write(_batch[i], session, _results[i], session.MapOf(i));
        }
    }

    private Lane LaneOf(CoarseModel model)
    {
        if (!_lanes.TryGetValue(model, out var lane))
        {
            _lanes[model] = lane = new Lane(model, new BatchPlanner(options));
        }

        return lane;
    }

    /// <summary>One model's frames, the earliest first.</summary>
    private sealed record Lane(CoarseModel Model, BatchPlanner Planner)
    {
        public PriorityQueue<FrameTicket, TimeSpan> Waiting { get; } = new();
    }

    private sealed class PlanNow : INoSerializationVerificationNeeded
    {
        public static readonly PlanNow Instance = new();
    }
}
