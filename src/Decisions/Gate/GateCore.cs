using Inspection.Protocol;

namespace Inspection.Decisions.Gate;

/// <summary>How parts reach the ejector.</summary>
public enum Transport
{
    /// <summary>A belt: a part arrives one travel time after its trigger, whatever is known of it.</summary>
    Conveyor = 1,

    /// <summary>The part waits at the ejector until it is concluded (a pulled source: the belt moves only as the line decides).</summary>
    Indexed = 2,
}

public sealed record GateOptions
{
    public required Transport Transport { get; init; }

    /// <summary>The longest camera-to-ejector travel; after a start or an epoch change everything is diverted for as long (rule G3).</summary>
    public required TimeSpan Travel { get; init; }

    /// <summary>How long after its arrival a part can still be passed; shorter than the way between two parts: a later pulse meets another part (rule G1).</summary>
    public TimeSpan PassWindow { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Acts reported in one message.</summary>
    public int ReportBatch { get; init; } = 256;

    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Rule G5: how long the ejector may take to say what it did.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The interlock stops the line after so many fallbacks in a row; 0: never.</summary>
    public int StopAfter { get; init; }
}

/// <summary>What an act says about the line's eyes, for the interlock.</summary>
public enum GateVerdict
{
    /// <summary>Nothing: it was in transit when its epoch ended.</summary>
    None,

    /// <summary>The part had a verdict in time.</summary>
    Decided,

    /// <summary>It was concluded without one, or there was no conclusion in time.</summary>
    Fallback,
}

/// <summary>One act the ejector must do now. Pass only on a committed OK, in time, outside a purge (rules G1, G3).</summary>
/// <param name="Until">Of a pass: a pulse after this instant of the gate's clock meets another part; null: the part waits.</param>
public readonly record struct GateAct(TriggerKey Key, string ExternalId, bool Pass, string Why, GateVerdict Verdict = GateVerdict.None, TimeSpan? Until = null);

/// <summary>
/// The gate's mind (rules G1-G5): parts in the order of the transport, what is committed about them, what was done and not yet
/// journalled. Deterministic; one thread; monotonic times from the gate's own clock.
/// </summary>
public sealed class GateCore(LineId line, StationId station, GateOptions options)
{
    private readonly Queue<(long Counter, string ExternalId, TimeSpan ArrivesAt)> _belt = new();
    private readonly Dictionary<long, Conclusion> _committed = [];
    private readonly List<bool> _unreported = [];
    private readonly List<GateAct> _acts = [];
    private long _epoch;
    private long _reportFrom = 1;
    private long _actedUpTo;
    private TimeSpan _purgeUntil;
    private TimeSpan _reportedAt = TimeSpan.MinValue;
    private int _reported;

    public int OnBelt => _belt.Count;

    public int Unreported => _unreported.Count;

    /// <summary>Conclusions of parts that have not arrived yet.</summary>
    public int Known => _committed.Count;

    public long Epoch => _epoch;

    /// <summary>When the next part arrives, or null where nothing is timed.</summary>
    public TimeSpan? NextArrival => options.Transport == Transport.Conveyor && _belt.TryPeek(out var part) ? part.ArrivesAt : null;

    /// <summary>A new epoch: what is on the belt is diverted as it stands, and a conveyor purges for one travel (rule G3).</summary>
    public IReadOnlyList<GateAct> Begin(long epoch, TimeSpan now)
    {
        _acts.Clear();
        DivertBelt("epoch ended");
        _committed.Clear();
        _unreported.Clear();
        (_epoch, _reportFrom, _reported, _actedUpTo) = (epoch, 1, 0, 0);
        Purge(now);
        return _acts;
    }

    /// <summary>Rule G3: where what is in transit is by now nobody knows; a conveyor diverts for one travel.</summary>
    public void Purge(TimeSpan now) => _purgeUntil = options.Transport == Transport.Conveyor ? now + options.Travel : now;

    /// <summary>The holder lost its epoch: divert all that is in transit.</summary>
    public IReadOnlyList<GateAct> Fence()
    {
        _acts.Clear();
        DivertBelt("epoch ended");
        _committed.Clear();
        _unreported.Clear();
        _epoch = 0;
        return _acts;
    }

    /// <summary>Rule S6: a part is under way. Counters come in order.</summary>
    public void Announce(long epoch, long counter, string externalId, TimeSpan stampedAt)
    {
        if (epoch == _epoch)
        {
            _belt.Enqueue((counter, externalId, stampedAt + options.Travel));
        }
    }

    /// <summary>Committed by the journal (promise P3): the only thing that lets a part pass. The first conclusion of a part stands.</summary>
    /// <param name="key">The part.</param>
    /// <param name="conclusion">Its committed conclusion.</param>
    /// <param name="mayPass">Whether the station holds its lease; without it an indexed part that is OK waits where it stands (rule L3).</param>
    public IReadOnlyList<GateAct> Close(TriggerKey key, Conclusion conclusion, bool mayPass = true)
    {
        _acts.Clear();
        if (key.Epoch == _epoch && key.Counter > _actedUpTo)
        {
            _ = _committed.TryAdd(key.Counter, conclusion);
            MoveIndexed(mayPass);
        }

        return _acts;
    }

    /// <summary>Parts that reach the ejector now; <paramref name="mayPass"/> is whether the station holds its lease.</summary>
    public IReadOnlyList<GateAct> Tick(TimeSpan now, bool mayPass)
    {
        _acts.Clear();
        MoveIndexed(mayPass);
        while (options.Transport == Transport.Conveyor && _belt.TryPeek(out var part) && part.ArrivesAt <= now)
        {
            _ = _belt.Dequeue();
            var known = _committed.Remove(part.Counter, out var conclusion);
            var (pass, why) = (known, conclusion.IsOk) switch
            {
                (false, _) => (false, "no committed verdict in time"),
                (true, false) => (false, conclusion.ToString()),
                _ when part.ArrivesAt < _purgeUntil => (false, "OK, but the gate purges after its start"),
                _ when !mayPass => (false, "OK, but the station holds no lease"),
                _ when now - part.ArrivesAt > options.PassWindow => (false, "OK, but the gate was late for it"),
                _ => (true, conclusion.ToString()),
            };
            Act(part.Counter, part.ExternalId, pass, why, known && conclusion.IsDecided, pass ? part.ArrivesAt + options.PassWindow : null);
        }

        return _acts;
    }

    /// <summary>Rule G5: what the ejector really did with the next part, in belt order.</summary>
    public void Did(bool passed) => _unreported.Add(passed);

    /// <summary>Rule J4: acts to report, again while unacknowledged; null when there is nothing or it is too soon.</summary>
    public LineCommands.ReportGateActs? Report(TimeSpan now, bool flush)
    {
        var waiting = _reported > 0;
        if (_epoch == 0 || _unreported.Count == 0 || (waiting && now - _reportedAt < options.ResendAfter) || (!waiting && !flush && _unreported.Count < options.ReportBatch))
        {
            return null;
        }

        var count = waiting ? _reported : Math.Min(_unreported.Count, options.ReportBatch);
        var bits = new byte[(count + 7) / 8];
        for (var i = 0; i < count; i++)
        {
            bits[i >> 3] |= (byte)(_unreported[i] ? 1 << (i & 7) : 0);
        }

        (_reported, _reportedAt) = (count, now);
        return new LineCommands.ReportGateActs(line, station, _epoch, _reportFrom, count, bits.ToEquatableList());
    }

    public void Recorded(long epoch, long nextExpected)
    {
        if (epoch != _epoch || nextExpected <= _reportFrom)
        {
            return;
        }

        var done = (int)Math.Min(nextExpected - _reportFrom, _unreported.Count);
        _unreported.RemoveRange(0, done);
        _reportFrom += done;
        _reported = 0;
    }

    /// <summary>The belt moves as parts conclude, in its own order.</summary>
    private void MoveIndexed(bool mayPass)
    {
        while (options.Transport == Transport.Indexed && _belt.TryPeek(out var part) && _committed.TryGetValue(part.Counter, out var known) && (mayPass || !known.IsOk))
        {
            _ = _belt.Dequeue();
            _ = _committed.Remove(part.Counter);
            Act(part.Counter, part.ExternalId, known.IsOk, known.ToString(), known.IsDecided);
        }
    }

    private void DivertBelt(string why)
    {
        while (_belt.TryDequeue(out var part))
        {
            _acts.Add(new GateAct(new TriggerKey(line, station, _epoch, part.Counter), part.ExternalId, false, why));
        }
    }

    private void Act(long counter, string externalId, bool pass, string why, bool isDecided, TimeSpan? until = null)
    {
        _actedUpTo = counter;
        _acts.Add(new GateAct(new TriggerKey(line, station, _epoch, counter), externalId, pass, why, isDecided ? GateVerdict.Decided : GateVerdict.Fallback, until));
    }
}
