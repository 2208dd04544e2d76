using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Gate;
using Inspection.Decisions.Station;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Sensor.Archive;
using Inspection.Nodes.Sensor.Ejectors;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor;

/// <summary>A station has ended: its source is empty (or it was told to stop), everything is concluded and journalled, the lease released.</summary>
public sealed record StationFinished(LineId Line, StationId Station, long Triggers) : INoSerializationVerificationNeeded;

/// <summary>Asks a station to trigger no more, to finish what is open and to release its lease.</summary>
public sealed record StopStation : INoSerializationVerificationNeeded;

/// <summary>One station on this node: shell over <see cref="StationCore"/>, parent of its cameras and its gate.</summary>
public sealed class StationController : UntypedActor, IWithTimers, IStationShell
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(50);

    private readonly SensorContext _context;
    private readonly StationSetup _setup;
    private readonly LineId _line;
    private readonly StationId _station;
    private readonly StationCore _core;
    private readonly FrameFates _frames;
    private readonly List<IActorRef> _devices = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CameraPort[] _cameras = [];
    private IActorRef _gate = ActorRefs.Nobody;
    private int _opened;

    public StationController(SensorContext context, StationSetup setup)
    {
        _context = context;
        _setup = setup;
        _line = setup.Line.Line;
        _station = setup.Plan.Station;
        _frames = new FrameFates(context.Frames);
        _core = new StationCore(
            _line, _station, context.Node, new StationOptions { Window = setup.Plan.Window, DecisionDeadline = setup.Line.Recipe.Deadline }, setup.Plan.Pace.PerSecond, this);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SensorContext context, StationSetup setup) =>
        Akka.Actor.Props.Create(() => new StationController(context, setup)).WithDispatcher(OneLane.Dispatcher);

    bool IStationShell.HasSlots
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

    string? IStationShell.NextAfter(string externalId) => _setup.Source.NextAfter(externalId);

    string IStationShell.NewIncarnation() => Guid.NewGuid().ToString("N");

    /// <summary>
    /// Cameras and gate belong to the holder of the lease (rule L1): opened with its first epoch, kept while it is the one that holds the
    /// station, and given back where another node does.
    /// </summary>
    void IStationShell.OpenDevices()
    {
        var plan = _setup.Plan.Gate;
        var again = ++_opened == 1 ? "" : $"-{_opened}";
        var options = new GateOptions { Transport = plan.Transport, Travel = plan.Travel, StopAfter = plan.StopAfter, PassWindow = plan.PassWindow };
        _gate = Context.ActorOf(LineGate.Props(_context, _line, _station, options, acted => EjectorChoice.Open(_context, _line, _station, plan, acted, _log)), $"gate{again}");
        _devices.Add(_gate);
        _cameras = [.. _setup.Cameras.Select(c => new CameraPort(c.Plan, _setup.Models))];
        for (var i = 0; i < _cameras.Length; i++)
        {
            _devices.Add(Context.ActorOf(CameraSession.Props(_context, _station, _cameras[i], _setup.Cameras[i].Open, _setup.Models.Coarse.Manifest.Preparation), $"camera-{_cameras[i].Plan.Camera}{again}"));
        }
    }

    void IStationShell.CloseDevices()
    {
        _devices.ForEach(Context.Stop);
        _devices.Clear();
        (_cameras, _gate) = ([], ActorRefs.Nobody);
    }

    void IStationShell.Tell(ILineMessage message) => _context.Supervisors.Tell(message);

    void IStationShell.Tell(GateInput input) => _gate.Tell(new GateMessages.Said(input));

    void IStationShell.Expose(TriggerKey key, string externalId, TimeSpan deadlineAt)
    {
        var exposed = _context.Clock.Utc.Ticks;
        for (var i = 0; i < _cameras.Length; i++)
        {
            _cameras[i].Expose(key, externalId, deadlineAt, exposed);
        }
    }

    void IStationShell.Concluded(TriggerKey key, Conclusion conclusion) => _frames.Concluded(key, conclusion);

    void IStationShell.ConclusionsLost() => _frames.Unknown();

    void IStationShell.Finished(long triggers)
    {
        _log.Info("station {Station} of line {Line} ended cleanly after {Triggers} triggers", _station, _line, triggers);
        Context.Parent.Tell(new StationFinished(_line, _station, triggers));
        Context.Stop(Self);
    }

    void IStationShell.Note(StationNote note)
    {
        switch (note)
        {
            case StationNote.Began x:
                _log.Info("station {Station} of line {Line} holds epoch {Epoch}, resumes after '{Last}'", _station, _line, x.Epoch, x.ResumesAfter);
                break;
            case StationNote.StandsBy x:
                _log.Info("station {Station} of line {Line} stands by: {Reason}", _station, _line, x.Reason);
                break;
            case StationNote.LostEpoch x:
                _log.Warning("station {Station} of line {Line}: epoch {Epoch} is over (current {Current}); {Open} open parts are diverted", _station, _line, x.Epoch, x.Current, x.Open);
                break;
            case StationNote.LetGo x:
                _log.Error("station {Station} of line {Line} lets epoch {Epoch} go: {Open} parts are counted and nobody has concluded them; all divert until a supervisor answers", _station, _line, x.Epoch, x.Open);
                break;
            case StationNote.Refused x:
                _log.Warning("line {Line} refused {Command}: {Reason}", _line, x.Command, x.Reason);
                break;
            case StationNote.GaveUp x:
                _context.Metrics.TriggerGivenUp(_line.Value, _station.Value, x.Reason.ToString());
                break;
        }
    }

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.Zero, TickEvery);
        if (_setup.Plan.Pace.PerSecond is { } rate)
        {
            Timers.StartPeriodicTimer("pace", Paced.Instance, TimeSpan.FromMilliseconds(Math.Clamp(1000 / rate / 2, 10, 100)));
        }
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
                _frames.Copied(x, isOpen: _core.Evidence(x, now));
                break;
            case ILineMessage x:
                _core.On(x, now);
                break;
            case Paced:
                _core.Pace(now);
                break;
            case Tick:
                _core.Tick(now);
                break;
            case GateMessages.Drained x:
                _core.Drained(x.Epoch, now);
                break;
            case GateMessages.Halted x:
                _core.Halted(x.Stands, now);
                break;
            case StopStation:
                _core.Stop(now);
                break;
            default:
                Unhandled(message);
                break;
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
