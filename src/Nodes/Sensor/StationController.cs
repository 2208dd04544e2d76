using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Station;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Sensor.Archive;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor;

/// <summary>A station has ended: its source is empty (or it was told to stop), everything is concluded and journalled, the lease released.</summary>
public sealed record StationFinished(LineId Line, StationId Station, long Triggers) : INoSerializationVerificationNeeded;

/// <summary>Asks a station to trigger no more, to finish what is open and to release its lease.</summary>
public sealed record StopStation : INoSerializationVerificationNeeded;

/// <summary>
/// One station on this node: its trigger, its lease, its window of open parts, its cameras and its gate (rules S3, S4, S6, L2, L3, V5, W8).
/// Shell over <see cref="StationWindow"/> and <see cref="TriggerPacer"/>.
/// </summary>
public sealed partial class StationController : UntypedActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);

    private readonly SensorContext _context;
    private readonly StationSetup _setup;
    private readonly LineId _line;
    private readonly StationId _station;
    private string _incarnation = Guid.NewGuid().ToString("N");
    private readonly StationWindow _window;
    private readonly TriggerPacer _pacer;
    private readonly FrameFates _frames;
    private CameraPort[] _cameras = [];
    private readonly List<IActorRef> _devices = [];
    private int _opened;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _gate = ActorRefs.Nobody;
    private TimeSpan _lastAsk = TimeSpan.MinValue;
    private string _lastId = "";
    private string _waitsBecause = "";
    private bool _exhausted;
    private bool _draining;
    private bool _releasing;
    private long _triggers;

    public StationController(SensorContext context, StationSetup setup)
    {
        _context = context;
        _setup = setup;
        _line = setup.Line.Line;
        _station = setup.Plan.Station;
        _window = new StationWindow(_line, _station, new StationOptions { Window = setup.Plan.Window, DecisionDeadline = setup.Line.Recipe.Deadline });
        _pacer = new TriggerPacer(setup.Plan.Pace.PerSecond);
        _frames = new FrameFates(context.Frames);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SensorContext context, StationSetup setup) =>
        Akka.Actor.Props.Create(() => new StationController(context, setup)).WithDispatcher(OneLane.Dispatcher);

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("tick", Tick.Instance, TickEvery);
        if (_setup.Plan.Pace.PerSecond is { } rate)
        {
            Timers.StartPeriodicTimer("pace", Paced.Instance, TimeSpan.FromMilliseconds(Math.Clamp(1000 / rate / 2, 10, 100)));
        }

        AskLease(_context.Clock.Now);
    }

    protected override void PostStop() => _frames.Unknown();

    // a child that fails takes the station with it: a restarted station is a restarted holder and gets a new epoch (rule L2)
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    protected override void OnReceive(object message)
    {
        var now = _context.Clock.Now;
        switch (message)
        {
            case LineCommands.SubmitEvidence x:
                var sent = _window.Evidence(x, now);
                _frames.Copied(x, isOpen: sent.Count > 0);
                Send(sent);
                break;
            case LineReplies.PartClosed x:
                if (_window.Closed(x.Key))
                {
                    _frames.Concluded(x.Key, x.Conclusion);
                    _gate.Tell(x);
                }

                break;
            case Paced:
                TriggerPaced(now);
                return;
            case Tick:
                OnTick(now);
                break;
            case LineReplies.EvidenceReceived x:
                _window.Received(x.Key, now);
                return;
            case ILineMessage x:
                OnReply(x, now);
                break;
            case GateMessages.Drained x:
                Release(x.Epoch);
                return;
            case ReleaseAgain:
                _gate.Tell(new GateMessages.Drain(), Self);
                return;
            case StopStation:
                _draining = true;
                break;
            default:
                Unhandled(message);
                return;
        }

        TriggerPulled(now);
        FinishWhenDone();
    }

    private void OnTick(TimeSpan now)
    {
        if (now - _lastAsk >= _window.Options.RenewEvery)
        {
            AskLease(now);
        }

        Send(_window.Tick(now));
    }

    /// <summary>Rule S3: the next trigger of a pulled source is stamped only when window and ring have room.</summary>
    private void TriggerPulled(TimeSpan now)
    {
        if (!_setup.Plan.Pace.IsPulled)
        {
            return;
        }

        while (!_exhausted && !_draining && _window.HoldsLease(now) && _window.HasRoom && HasSlots && NextId() is { } id)
        {
            Trigger(id, now);
        }
    }

    /// <summary>Rules S2, L3: a paced source triggers whatever happens; what it cannot inspect it counts and reports.</summary>
    private void TriggerPaced(TimeSpan now)
    {
        if (_window.Epoch == 0 || _exhausted || _draining)
        {
            _pacer.Rest(now);
            return;
        }

        for (var due = _pacer.Due(now); due > 0 && NextId() is { } id; due--)
        {
            if (!_window.HoldsLease(now))
            {
                GiveUp(id, FallbackReason.SupervisorUnavailable, "the station's lease ran out", now);
            }
            else if (!_window.HasRoom)
            {
                GiveUp(id, FallbackReason.Shed, $"{_window.Open} parts are open, the window is full", now);
            }
            else if (!HasSlots)
            {
                GiveUp(id, FallbackReason.Shed, "the frame ring is full", now);
            }
            else
            {
                Trigger(id, now);
            }
        }

        FinishWhenDone();
    }

    private bool HasSlots
    {
        get
        {
            for (var i = 0; i < _cameras.Length; i++)
            {
                if (!_cameras[i].HasRoom)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private string? NextId()
    {
        var id = _setup.Source.NextAfter(_lastId);
        _exhausted = id is null;
        _lastId = id ?? _lastId;
        return id;
    }

    /// <summary>Rule S6: supervisor and gate hear of the trigger before any work.</summary>
    private void Trigger(string id, TimeSpan now)
    {
        var (key, send) = _window.Trigger(id, now);
        Send(send);
        _gate.Tell(new GateMessages.Announce(key.Epoch, key.Counter, id, now));
        var exposed = _context.Clock.Utc.Ticks;
        for (var i = 0; i < _cameras.Length; i++)
        {
            _cameras[i].Expose(key, id, now + _window.Options.DecisionDeadline, exposed);
        }

        _triggers++;
    }

    private void GiveUp(string id, FallbackReason reason, string detail, TimeSpan now)
    {
        var (key, send) = _window.GiveUp(id, reason, detail, now);
        Send(send);
        _gate.Tell(new GateMessages.Announce(key.Epoch, key.Counter, id, now));
        _context.Metrics.TriggerGivenUp(_line.Value, _station.Value, reason.ToString());
        _triggers++;
    }

    private void Send(IReadOnlyList<ILineMessage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            _context.Supervisors.Tell(messages[i]);
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Paced : INoSerializationVerificationNeeded
    {
        public static readonly Paced Instance = new();
    }
}
