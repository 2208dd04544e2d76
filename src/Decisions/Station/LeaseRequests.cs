namespace Inspection.Decisions.Station;

/// <summary>
/// Rule L2: a lease counts from when the request was sent that its answer answers. After an outage many answers come at once, in order of
/// their requests: the newest of them tells how long the station may act.
/// </summary>
public sealed class LeaseRequests
{
    /// <summary>Older ones gave a lease that has run out since.</summary>
    private const int Kept = 16;

    private readonly SortedDictionary<long, TimeSpan> _sent = [];
    private long _last;

    /// <summary>The number of a request that leaves now; from 1 on.</summary>
    public long Next(TimeSpan now)
    {
        _sent.Add(++_last, now);
        if (_sent.Count > Kept)
        {
            _ = _sent.Remove(_sent.Keys.First());
        }

        return _last;
    }

    /// <summary>
    /// When the answered request was sent; null where it is not known any more. It and all before it are forgotten. Number 0, the answer of
    /// a supervisor that does not say it, counts as the answer to the oldest.
    /// </summary>
    public TimeSpan? Answered(long request)
    {
        if (_sent.Count == 0)
        {
            return null;
        }

        var answered = request == 0 ? _sent.Keys.First() : request;
        TimeSpan? at = _sent.TryGetValue(answered, out var sent) ? sent : null;
        while (_sent.Count > 0 && _sent.Keys.First() is var oldest && oldest <= answered)
        {
            _ = _sent.Remove(oldest);
        }

        return at;
    }
}
