using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Gate;
using Inspection.Nodes.Sensor.Ejectors;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor;

/// <summary>Between a station and its gate, which is its child.</summary>
internal static class GateMessages
{
    /// <summary>To the gate.</summary>
    public sealed record Said(GateInput Input) : INoSerializationVerificationNeeded;

    /// <summary>To the station: every act of the epoch is journalled.</summary>
    public sealed record Drained(long Epoch) : INoSerializationVerificationNeeded;

    /// <summary>To the station: the interlock has stopped the line, or lets it run again.</summary>
    public sealed record Halted(bool Stands) : INoSerializationVerificationNeeded;
}

/// <summary>
/// The station's gate, near the PLC: shell over <see cref="GateControl"/>. Its own monotonic clock judges "in time" (rule G4); what the ejector
/// did is reported until the journal has it (rule J4).
/// </summary>
public sealed class LineGate : UntypedActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(20);

    private readonly SensorContext _context;
    private readonly GateControl _control;
    private readonly IEjector _ejector;
    private readonly string _line;
    private readonly string _station;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="open">Opens the ejector, which says what it did later, from any thread, through what it is given.</param>
    public LineGate(SensorContext context, LineId line, StationId station, GateOptions options, Func<Action<GateInput.Acted>, IEjector> open)
    {
        _context = context;
        _control = new GateControl(line, station, options);
        (_line, _station) = (line.Value, station.Value);
        var self = Self;
        _ejector = open(acted => self.Tell(new GateMessages.Said(acted)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SensorContext context, LineId line, StationId station, GateOptions options, Func<Action<GateInput.Acted>, IEjector> open) =>
        Akka.Actor.Props.Create(() => new LineGate(context, line, station, options, open));

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, TickEvery);

    protected override void PostStop() => _ejector.Dispose();

    protected override void OnReceive(object message)
    {
        GateInput? input = message switch
        {
            Tick => GateInput.Tick.Instance,
            GateMessages.Said x => x.Input,
            LineReplies.GateActsRecorded x => new GateInput.Recorded(x.Epoch, x.NextExpected),
            LineReplies.InterlockRecorded x => new GateInput.InterlockHeard(x.Changes),
            _ => null,
        };
        if (input is null)
        {
            Unhandled(message);
            return;
        }

        var now = _context.Clock.Now;
        _ejector.Feed(now);
        if (input is GateInput.Acted acted)
        {
            _context.Metrics.GateActed(_line, _station, acted.Passed);
        }

        Step(input, now);
        if (input is GateInput.Begin begun)
        {
            _ejector.Begin(begun.Epoch, _control.IsHalted);
        }
    }

    private void Step(GateInput input, TimeSpan now)
    {
        List<GateInput>? answers = null;
        foreach (var effect in _control.Step(input, now))
        {
            if (Perform(effect, now) is { } answer)
            {
                (answers ??= []).Add(answer);
            }
        }

        answers?.ForEach(a => Step(a, now));
    }

    private GateInput? Perform(GateEffect effect, TimeSpan now)
    {
        switch (effect)
        {
            case GateEffect.Pass x:
                if (_ejector.Pass(x.Act, now) is not { } passed)
                {
                    break; // it says later what it did
                }

                _context.Metrics.GateActed(_line, _station, passed);
                return new GateInput.Acted(x.Act.Key, passed);
            case GateEffect.Divert x:
                _ejector.Divert(x.Act);
                _context.Metrics.GateActed(_line, _station, false);
                break;
            case GateEffect.Unanswered x:
                _context.Metrics.GateUnanswered(_line, _station);
                _log.Warning("the ejector of station {Station} of line {Line} did not say what it did with part {Part}: it counts as passed", _station, _line, x.Key);
                break;
            case GateEffect.Tell x:
                _context.Supervisors.Tell(x.Message);
                break;
            case GateEffect.Halt x:
                _ejector.Halt(x.Why);
                _log.Error("the interlock of station {Station} of line {Line} stops the line: {Why}; let it run again with: inspection resume {Line}/{Station}", _station, _line, x.Why, _line, _station);
                Context.Parent.Tell(new GateMessages.Halted(true));
                break;
            case GateEffect.Run:
                _ejector.Run();
                _log.Info("the interlock of station {Station} lets line {Line} run again", _station, _line);
                Context.Parent.Tell(new GateMessages.Halted(false));
                break;
            case GateEffect.Drained x:
                Context.Parent.Tell(new GateMessages.Drained(x.Epoch));
                break;
        }

        return null;
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
