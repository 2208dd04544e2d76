using Akka.Event;
using Inspection.Decisions.Gate;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor.Ejectors.Mqtt;

/// <summary>
/// The gate's side of an ejector over MQTT; <see cref="PassReceiver"/> is the other. A pass is handed to the link, which counts its window when it
/// sends it; what was never sent was diverted for certain, and what was sent and not answered may have passed (rule G5). The gate's thread calls;
/// answers and beats come on the link's threads.
/// </summary>
internal sealed class MqttEjector : IEjector
{
    /// <summary>The receiver rests after so long without a heartbeat, counted from its own beat; without a beat for so long it is not there.</summary>
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>An answer that comes later finds its part recorded (<see cref="GateOptions.AnswerWithin"/>).</summary>
    private static readonly TimeSpan AskedFor = TimeSpan.FromSeconds(10);

    private readonly MonotonicClock _clock;
    private readonly Action<GateInput.Acted> _acted;
    private readonly Action<bool> _answers;
    private readonly ILoggingAdapter _log;
    private readonly LineId _line;
    private readonly StationId _station;
    private readonly EjectorTopics _topics;
    private readonly string _gate;
    private readonly MqttLink _link;
    private readonly Dictionary<(long Epoch, long Counter), TimeSpan> _asked = [];
    private volatile Beat? _beat;
    private volatile RunMessage? _run;
    private TimeSpan? _heartbeatAt;
    private readonly TimeSpan _openedAt;
    private bool? _answered;
    private string _halted = "";
    private long _epoch;

    public MqttEjector(SensorContext context, LineId line, StationId station, MqttPlan plan, Action<GateInput.Acted> acted, ILoggingAdapter log)
    {
        (_clock, _acted, _log, _line, _station) = (context.Clock, acted, log, line, station);
        _answers = answers => context.Metrics.EjectorAnswers(line.Value, station.Value, answers);
        _topics = new EjectorTopics(plan.Topic);
        _gate = $"{context.Node}-{Guid.NewGuid():N}";
        _openedAt = _clock.Now;
        _link = new MqttLink(plan, new LinkSetup
        {
            Client = $"inspection-{_gate}",
            Will = new Outgoing(_topics.Heartbeat, EjectorJson.Write(new HeartbeatMessage(EjectorJson.Version, _gate, "", 0, 0))),
            Topics = [_topics.Beat, _topics.Acted],
            OnConnected = () => _run is { } run ? Retained(run) : null,
            Heard = Heard,
            Log = log,
            Name = $"{line}/{station}",
        });
    }

    /// <summary>Whether a receiver has beaten a moment ago.</summary>
    public bool Answers(TimeSpan now) => _link.IsUp && _beat is { } beat && now - beat.HeardAt < Ttl;

    public void Feed(TimeSpan now)
    {
        if (now - _heartbeatAt < HeartbeatEvery)
        {
            return;
        }

        _heartbeatAt = now;
        Note(now);
        _ = _link.Send(new Pending(() => _beat is { } beat ? new Outgoing(_topics.Heartbeat, EjectorJson.Write(new HeartbeatMessage(EjectorJson.Version, _gate, beat.Receiver, beat.Ms, (long)Ttl.TotalMilliseconds))) : null));
    }

    public bool? Pass(GateAct act, TimeSpan now)
    {
        if (!Answers(now))
        {
            return false;
        }

        var key = (act.Key.Epoch, act.Key.Counter);
        lock (_asked)
        {
            _asked[key] = now;
        }

        if (_link.Send(new Pending(() => Compose(act), () => Answer(key, passed: false))))
        {
            return null;
        }

        lock (_asked)
        {
            _ = _asked.Remove(key);
        }

        return false; // the link is that far behind
    }

    public void Divert(GateAct act)
    {
        // at rest it diverts: there is nothing to say
    }

    public void Begin(long epoch, bool stands)
    {
        _epoch = epoch;
        Say(!stands);
    }

    public void Halt(string why)
    {
        _halted = why;
        Say(run: false);
    }

    public void Run() => Say(run: true);

    public void Dispose() => _link.Close();

    private void Say(bool run)
    {
        var message = new RunMessage(EjectorJson.Version, _epoch, run, run ? "" : _halted);
        if (_epoch == 0 || message == _run)
        {
            return; // said when the epoch has begun; said already
        }

        _run = message;
        _ = _link.Send(new Pending(() => Retained(message))); // where the link is down it is said when it is up
    }

    private Outgoing Retained(RunMessage run) => new(_topics.Run, EjectorJson.Write(run)) { Retained = true, Confirmed = true };

    /// <summary>On the link's thread, when it is sent. Null: too late, or nobody is there; then it is not sent.</summary>
    private Outgoing? Compose(GateAct act)
    {
        var now = _clock.Now;
        if (!Answers(now) || _beat is not { } beat || act.Until is not { } until || now >= until)
        {
            return null;
        }

        // counted from the beat: the delay that the beat took on its way shortens the window, and can't lengthen it
        var window = (long)(until - beat.HeardAt).TotalMilliseconds;
        var pass = new PassMessage(EjectorJson.Version, _gate, _line.Value, _station.Value, act.Key.Epoch, act.Key.Counter, act.ExternalId, beat.Receiver, beat.Ms, window);
        return new Outgoing(_topics.Pass, EjectorJson.Write(pass)) { Confirmed = true };
    }

    private void Heard(string topic, ReadOnlySpan<byte> payload)
    {
        if (topic == _topics.Beat)
        {
            if (EjectorJson.Read<BeatMessage>(payload) is { } beat)
            {
                _beat = new Beat(beat.Receiver, beat.BeatMs, _clock.Now);
            }
        }
        else if (EjectorJson.Read<ActedMessage>(payload) is { } x && x.Line == _line.Value && x.Station == _station.Value)
        {
            Answer((x.Epoch, x.Counter), x.Passed);
        }
    }

    /// <summary>The first answer to what was asked.</summary>
    private void Answer((long Epoch, long Counter) key, bool passed)
    {
        lock (_asked)
        {
            if (!_asked.Remove(key))
            {
                return;
            }
        }

        _acted(new GateInput.Acted(new TriggerKey(_line, _station, key.Epoch, key.Counter), passed));
    }

    /// <summary>Once a change, for people: without a receiver every part is diverted. What was never answered is forgotten.</summary>
    private void Note(TimeSpan now)
    {
        var answers = Answers(now);
        if (answers != _answered && (answers || now - _openedAt > Ttl * 5))
        {
            _answered = answers;
            _answers(answers);
            if (answers)
            {
                _log.Info("the ejector of station {Station} of line {Line} answers at MQTT topic {Topic}", _station, _line, _topics.Root);
            }
            else
            {
                _log.Error("no ejector answers for station {Station} of line {Line}: nobody beats at MQTT topic {Topic}, every part is diverted", _station, _line, _topics.Beat);
            }
        }

        lock (_asked)
        {
            foreach (var (key, at) in _asked)
            {
                if (now - at > AskedFor)
                {
                    _ = _asked.Remove(key);
                }
            }
        }
    }

    private sealed record Beat(string Receiver, long Ms, TimeSpan HeardAt);
}
