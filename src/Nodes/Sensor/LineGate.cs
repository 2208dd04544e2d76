using Akka.Actor;
using Inspection.Decisions.Gate;
using Inspection.Nodes.Sensor.Ejectors;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor;

/// <summary>What a station tells its gate.</summary>
internal static class GateMessages
{
    public sealed record Begin(long Epoch) : INoSerializationVerificationNeeded;

    public sealed record Announce(long Epoch, long Counter, string ExternalId, TimeSpan StampedAt) : INoSerializationVerificationNeeded;

    /// <summary>The holder may act until then (rule L2).</summary>
    public sealed record Lease(TimeSpan Until) : INoSerializationVerificationNeeded;

    public sealed record Fence : INoSerializationVerificationNeeded;

    /// <summary>Answered with <see cref="Drained"/> when every act is journalled.</summary>
    public sealed record Drain : INoSerializationVerificationNeeded;

    public sealed record Drained(long Epoch) : INoSerializationVerificationNeeded;
}

/// <summary>
/// The station's gate, near the PLC: shell over <see cref="GateCore"/>. Its own monotonic clock judges "in time" (rule G4); what the ejector
/// did is reported until the journal has it (rule J4).
/// </summary>
public sealed class LineGate : UntypedActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(20);

    private readonly SensorContext _context;
    private readonly GateCore _core;
    private readonly IEjector _ejector;
    private readonly string _line;
    private readonly string _station;
    private TimeSpan _leaseUntil = TimeSpan.MinValue;
    private IActorRef? _draining;

    public LineGate(SensorContext context, LineId line, StationId station, GateOptions options, Func<IEjector> open)
    {
        _context = context;
        _core = new GateCore(line, station, options);
        (_line, _station) = (line.Value, station.Value);
        _ejector = open();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(SensorContext context, LineId line, StationId station, GateOptions options, Func<IEjector> open) =>
        Akka.Actor.Props.Create(() => new LineGate(context, line, station, options, open));

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, TickEvery);

    protected override void PostStop() => _ejector.Dispose();

    protected override void OnReceive(object message)
    {
        var now = _context.Clock.Now;
        _ejector.Feed(now);
        switch (message)
        {
            case Tick:
                Perform(_core.Tick(now, now < _leaseUntil), now);
                Report(now);
                break;
            case GateMessages.Announce x:
                _core.Announce(x.Epoch, x.Counter, x.ExternalId, x.StampedAt);
                break;
            case LineReplies.PartClosed x:
                Perform(_core.Close(x.Key, x.Conclusion, now < _leaseUntil), now);
                break;
            case LineReplies.GateActsRecorded x:
                _core.Recorded(x.Epoch, x.NextExpected);
                Report(now);
                break;
            case GateMessages.Lease x:
                _leaseUntil = x.Until;
                break;
            case GateMessages.Begin x:
                Perform(_core.Begin(x.Epoch, now), now, report: false);
                break;
            case GateMessages.Fence:
                Perform(_core.Fence(), now, report: false);
                break;
            case GateMessages.Drain:
                _draining = Sender;
                Report(now);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <param name="report">False where the epoch is over: its acts can no longer be journalled (rule J4: act unknown).</param>
    private void Perform(IReadOnlyList<GateAct> acts, TimeSpan now, bool report = true)
    {
        for (var i = 0; i < acts.Count; i++)
        {
            var passed = acts[i].Pass && _ejector.Pass(acts[i], now);
            if (!acts[i].Pass)
            {
                _ejector.Divert(acts[i]);
            }

            _context.Metrics.GateActed(_line, _station, passed);
            if (report)
            {
                _core.Did(passed);
            }
        }
    }

    private void Report(TimeSpan now)
    {
        if (_core.Report(now, flush: true) is { } report)
        {
            _context.Supervisors.Tell(report);
        }

        if (_draining is not null && _core.OnBelt == 0 && _core.Unreported == 0)
        {
            _draining.Tell(new GateMessages.Drained(_core.Epoch));
            _draining = null;
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }
}
