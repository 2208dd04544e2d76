namespace Inspection.Nodes.Sensor.Ejectors.Mqtt;

/// <summary>What the receiver sees before its ejector.</summary>
/// <param name="ExternalId">Where it can read which part it is (a code, a shift register); else null.</param>
public readonly record struct PartBefore(string? ExternalId);

/// <param name="Pulse">Let the part pass now.</param>
/// <param name="Answer">To be published; null: nothing is known that could be said.</param>
public readonly record struct PassAnswer(bool Pulse, ActedMessage? Answer);

/// <summary>
/// The receiving side of an ejector over MQTT, to be ported to a PLC: no clock, no network, no threads. It diverts unless everything is in
/// order (rule G1), and judges a PASS by its own clock, by its key and by the order of keys (rule G4): MQTT delivers late, twice, or in a burst
/// after a pause. The trick: every message of the gate counts its time from a beat of this receiver, so no clocks need to agree, and every delay on
/// either way makes the window shorter, never longer.
/// </summary>
/// <param name="line">Whose parts come here.</param>
/// <param name="station">Likewise.</param>
/// <param name="name">Of this start of the receiver: another one after each.</param>
public sealed class PassReceiver(string line, string station, string name)
{
    /// <summary>Answers that are given again when a PASS comes again.</summary>
    private const int Remembered = 64;

    private readonly Dictionary<(long Epoch, long Counter), ActedMessage> _acts = [];
    private readonly Queue<(long Epoch, long Counter)> _order = new();
    private (long Epoch, long Counter) _last;
    private (long Epoch, long Counter) _forgotten;
    private string _gate = "";
    private long _fedUntilMs = long.MinValue;
    private long _runEpoch;

    /// <summary>The permission for the line's drive: false until the gate has given it.</summary>
    public bool MayRun { get; private set; }

    /// <summary>To be published a few times a second, not retained.</summary>
    /// <param name="nowMs">This receiver's monotonic clock.</param>
    public BeatMessage Beat(long nowMs) => new(EjectorJson.Version, name, nowMs);

    /// <summary>Nothing passes: no gate feeds the watchdog, or the line has no permission to run.</summary>
    public bool IsAtRest(long nowMs) => nowMs >= _fedUntilMs || !MayRun;

    public void Hear(HeartbeatMessage x, long nowMs)
    {
        if (x.TtlMs <= 0)
        {
            _fedUntilMs = x.Gate == _gate ? long.MinValue : _fedUntilMs; // the last word of a gate that another one has followed does not count
        }
        else if (x.Receiver == name && x.BeatMs <= nowMs && nowMs - x.BeatMs < x.TtlMs)
        {
            (_gate, _fedUntilMs) = (x.Gate, x.Gate == _gate ? Math.Max(_fedUntilMs, x.BeatMs + x.TtlMs) : x.BeatMs + x.TtlMs);
        }
    }

    public void Hear(RunMessage x)
    {
        if (x.Epoch >= _runEpoch)
        {
            (_runEpoch, MayRun) = (x.Epoch, x.Run);
        }
    }

    /// <summary>A PASS has come: what to do with the part that is before the ejector now.</summary>
    /// <param name="x">The message.</param>
    /// <param name="part">Null: none is there.</param>
    /// <param name="nowMs">This receiver's monotonic clock.</param>
    public PassAnswer Judge(PassMessage x, PartBefore? part, long nowMs)
    {
        var key = (x.Epoch, x.Counter);
        if (x.Receiver != name || x.Line != line || x.Station != station || key.CompareTo(_forgotten) <= 0)
        {
            return default; // an earlier start, or a time that is forgotten, may have let it pass: no word is better than a wrong one
        }

        if (_acts.TryGetValue(key, out var before))
        {
            return new PassAnswer(false, before); // delivered twice: acted once
        }

        var refused = key.CompareTo(_last) < 0 ? "a later part was judged before"
            : IsAtRest(nowMs) ? (MayRun ? "the watchdog was not fed" : "the line has no permission to run")
            : x.Gate != _gate ? "another gate feeds the watchdog"
            : x.BeatMs > nowMs || nowMs - x.BeatMs > x.WindowMs ? "late"
            : part is not { } here ? "no part is before the ejector"
            : here.ExternalId is { } id && id != x.ExternalId ? $"another part is before the ejector: {id}"
            : null;
        var answer = new ActedMessage(EjectorJson.Version, line, station, x.Epoch, x.Counter, refused is null, refused ?? "");
        Remember(key, answer);
        return new PassAnswer(refused is null, answer);
    }

    private void Remember((long Epoch, long Counter) key, ActedMessage answer)
    {
        _acts[key] = answer;
        _order.Enqueue(key);
        _last = key.CompareTo(_last) > 0 ? key : _last;
        if (_order.Count > Remembered)
        {
            var oldest = _order.Dequeue();
            _ = _acts.Remove(oldest);
            _forgotten = oldest.CompareTo(_forgotten) > 0 ? oldest : _forgotten;
        }
    }
}
