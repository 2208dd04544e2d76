using Inspection.Protocol;

namespace Inspection.Decisions.Station;

/// <summary>
/// A station's own memory of what it triggered and nobody concluded yet (rules V5, W8, L2, L3): which triggers to announce, which
/// evidence to send again, whether its lease still holds. Deterministic: every method takes the monotonic now and gives what to send.
/// One thread.
/// </summary>
public sealed partial class StationWindow(LineId line, StationId station, StationOptions options)
{
    private const int WindowsInOrder = 4;

    private readonly SortedDictionary<long, OpenTrigger> _open = [];
    private readonly List<ILineMessage> _out = [];
    private readonly LeaseRequests _requests = new();
    private TimeSpan _answeredAt;
    private long _lastEpoch;
    private string _writer = "";

    public StationOptions Options => options;

    /// <summary>0 before the first grant.</summary>
    public long Epoch { get; private set; }

    public long LastCounter { get; private set; }

    /// <summary>All up to it are journalled.</summary>
    public long AcceptedUpTo { get; private set; }

    public int Open => _open.Count;

    /// <summary>Rule L2: until when the holder may act.</summary>
    public TimeSpan LeaseUntil { get; private set; } = TimeSpan.MinValue;

    public bool HoldsLease(TimeSpan now) => Epoch > 0 && now < LeaseUntil;

    public bool HasRoom => _open.Count < options.Window;

    /// <summary>
    /// For a belt that moves in order: behind a part whose conclusion was lost on the way the concluded ones wait, and take room, too (P8).
    /// </summary>
    public bool HasRoomInOrder => HasRoom && (_open.Count == 0 || LastCounter - _open.First().Key < WindowsInOrder * options.Window);

    /// <summary>Whether every trigger is concluded.</summary>
    public bool IsIdle => _open.Count == 0;

    /// <summary>Rules L1, L2: asks for the station, or to keep it.</summary>
    public ILineMessage AskLease(NodeId node, string incarnation, TimeSpan now) => Epoch == 0
        ? new LineCommands.AcquireStation(line, station, node, incarnation, _requests.Next(now))
        : new LineCommands.RenewStation(line, station, Epoch, node, incarnation, _requests.Next(now));

    /// <summary>
    /// A new epoch begins with counter 1. False, and nothing happens, for an epoch that was held before: counted from 1 a second time, its
    /// parts would take the verdicts of earlier ones (an old grant can arrive late).
    /// </summary>
    public bool Granted(LineReplies.StationGranted grant, TimeSpan now)
    {
        if (grant.Epoch <= _lastEpoch)
        {
            return false;
        }

        (_lastEpoch, _writer) = (grant.Epoch, grant.Writer);
        _open.Clear();
        (Epoch, LastCounter, AcceptedUpTo, _answeredAt) = (grant.Epoch, 0, 0, now);
        LeaseUntil = _requests.Answered(grant.Request) + grant.LeaseDuration ?? TimeSpan.MinValue;
        return true;
    }

    /// <summary>
    /// The first answer of another supervisor, or the first one after a silence: what was sent to the one before may have died with it,
    /// acknowledged or not (rule W8). All of it is due again, whatever its back-off.
    /// </summary>
    public void Renewed(LineReplies.StationRenewed renewal, TimeSpan now)
    {
        if (renewal.Epoch != Epoch)
        {
            return;
        }

        if (_requests.Answered(renewal.Request) + renewal.LeaseDuration is { } until)
        {
            LeaseUntil = Later(LeaseUntil, until);
        }

        var isAnother = _writer.Length > 0 && renewal.Writer.Length > 0 && renewal.Writer != _writer;
        _writer = renewal.Writer.Length > 0 ? renewal.Writer : _writer;
        if (isAnother || now - _answeredAt > 2 * options.RenewEvery)
        {
            foreach (var open in _open.Values)
            {
                open.AtOnce(now);
            }
        }

        _answeredAt = now;
    }

    /// <summary>The epoch is over: nothing of it can be concluded here any more (rule L1). Returns the counters that were open.</summary>
    public long[] Fenced()
    {
        long[] open = [.. _open.Keys];
        _open.Clear();
        (Epoch, LeaseUntil) = (0, TimeSpan.MinValue);
        return open;
    }

    /// <summary>Rules S4, S6: issues the next counter and the announcement that must leave before any work.</summary>
    public (TriggerKey Key, IReadOnlyList<ILineMessage> Send) Trigger(string externalId, TimeSpan now) => Issue(externalId, now, null, "");

    /// <summary>Rules L3, V5: counts a trigger that is not inspected; it is reported as a range.</summary>
    public (TriggerKey Key, IReadOnlyList<ILineMessage> Send) GiveUp(string externalId, FallbackReason reason, string detail, TimeSpan now) => Issue(externalId, now, reason, detail);

    public IReadOnlyList<ILineMessage> Evidence(TriggerKey key, ViewEvidence evidence, TimeSpan now) => Evidence(new LineCommands.SubmitEvidence(key, evidence), now);

    /// <summary>A view's result: sent now and kept until the part is concluded (rule W8). Unknown keys are old news.</summary>
    public IReadOnlyList<ILineMessage> Evidence(LineCommands.SubmitEvidence evidence, TimeSpan now)
    {
        _out.Clear();
        if (evidence.Key.Epoch == Epoch && _open.TryGetValue(evidence.Key.Counter, out var trigger))
        {
            trigger.Evidence.Add(evidence);
            trigger.Fresh(now, options);
            _out.Add(evidence);
        }

        return _out;
    }

    public IReadOnlyList<ILineMessage> Accepted(long epoch, long upTo, TimeSpan now)
    {
        _out.Clear();
        if (epoch == Epoch && upTo > AcceptedUpTo)
        {
            AcceptedUpTo = upTo;
            ReportGivenUp(now);
        }
        else if (epoch == Epoch && upTo == AcceptedUpTo)
        {
            CloseGap(now);
        }

        return _out;
    }

    /// <summary>Stops the short retry only: what was acknowledged may still die with the supervisor (rule W8).</summary>
    public void Received(TriggerKey key, TimeSpan now)
    {
        if (key.Epoch == Epoch && _open.TryGetValue(key.Counter, out var trigger))
        {
            trigger.Wait(now, options);
        }
    }

    /// <summary>True when this was open here: the first time this station hears of the conclusion.</summary>
    public bool Closed(TriggerKey key) => key.Epoch == Epoch && _open.Remove(key.Counter);

    /// <summary>
    /// Every key of the range is concluded. Returns those that were open here: their own conclusions were lost on the way, and an indexed
    /// gate still waits for them.
    /// </summary>
    public long[] ClosedRange(long epoch, long from, long to)
    {
        if (epoch != Epoch)
        {
            return [];
        }

        long[] closed = [.. _open.Keys.Where(c => c >= from && c <= to)];
        foreach (var counter in closed)
        {
            _ = _open.Remove(counter);
        }

        return closed;
    }

    /// <summary>
    /// What must be sent again: announcements the journal has not confirmed, evidence nobody concluded on, ranges given up. Past its
    /// deadline a trigger keeps its place, not its evidence (rule J3).
    /// </summary>
    public IReadOnlyList<ILineMessage> Tick(TimeSpan now)
    {
        _out.Clear();
        List<KeyValuePair<long, OpenTrigger>>? again = null;
        foreach (var open in _open)
        {
            if (now >= open.Value.NextAt)
            {
                (again ??= []).Add(open);
            }
        }

        if (again is null)
        {
            return _out;
        }

        var last = AnnounceAgain(again, now);
        foreach (var (counter, trigger) in again)
        {
            if (counter > last)
            {
                break; // still due: a long backlog goes on at the next tick, not after its back-off
            }

            if (now >= trigger.DeadlineAt && trigger.Evidence.Count > 0)
            {
                trigger.Evidence.Clear();
            }

            _out.AddRange(trigger.Evidence);

            trigger.Retry(now, options);
        }

        ReportGivenUp(now, again: true);
        return _out;
    }

    private (TriggerKey Key, IReadOnlyList<ILineMessage> Send) Issue(string externalId, TimeSpan now, FallbackReason? givenUp, string detail)
    {
        if (Epoch == 0)
        {
            throw new InvalidOperationException($"station {station} of line {line} triggered without an epoch");
        }

        _out.Clear();
        var counter = ++LastCounter;
        var trigger = new OpenTrigger(externalId, now + options.DecisionDeadline, givenUp, detail);
        trigger.Retry(now, options);
        _open.Add(counter, trigger);
        _out.Add(new LineCommands.AnnounceTriggers(line, station, Epoch, counter, [externalId], [options.DecisionDeadline], AcceptedUpTo, _writer));
        return (Key(counter), _out);
    }

    private TriggerKey Key(long counter) => new(line, station, Epoch, counter);

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
