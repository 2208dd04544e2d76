namespace Inspection.Decisions.Station;

/// <summary>
/// Rule L2: a lease counts from when the request was sent that its answer answers. After an outage many answers come at once, in order of
/// their requests: the newest of them tells how long the station may act.
/// </summary>
internal sealed class LeaseRequests
{
    /// <summary>Older ones gave a lease that has run out since.</summary>
    private const int Kept = 16;

    private readonly Queue<(long Number, TimeSpan SentAt)> _sent = new();
    private long _last;

    /// <summary>The number of a request that leaves now; from 1 on.</summary>
    public long Next(TimeSpan now)
    {
        if (_sent.Count == Kept)
        {
            _ = _sent.Dequeue();
        }

        _sent.Enqueue((++_last, now));
        return _last;
    }

    /// <summary>
    /// When the answered request was sent; null where it is not known any more. It and all before it are forgotten. Number 0, the answer of
    /// a supervisor that does not say it, counts as the answer to the oldest.
    /// </summary>
    public TimeSpan? Answered(long request)
    {
        TimeSpan? sentAt = null;
        while (sentAt is null && _sent.TryPeek(out var oldest) && (request == 0 || oldest.Number <= request))
        {
            _ = _sent.Dequeue();
            sentAt = request == 0 || oldest.Number == request ? oldest.SentAt : null;
        }

        return sentAt;
    }
}
