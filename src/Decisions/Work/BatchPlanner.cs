namespace Inspection.Decisions.Work;

/// <summary>What to do with the parts that wait for a session.</summary>
/// <param name="Take">Run so many now, earliest deadlines first; 0: wait.</param>
/// <param name="Bucket">The fixed batch size they run in, padded where it is larger; 0 when waiting.</param>
/// <param name="WaitUntil">
/// Monotonic: ask again then, or when another part comes, whichever is first; only when <paramref name="Take"/> is 0.
/// <see cref="TimeSpan.MaxValue"/>: nothing waits.
/// </param>
public readonly record struct BatchPlan(int Take, int Bucket, TimeSpan WaitUntil)
{
    public bool RunsNow => Take > 0;
}

/// <summary>
/// Rule W5: batching by learned latency L(n) = a + b*n under the earliest deadline: the largest batch that is in time, and waiting only
/// while there is slack for a fuller one. One planner a session; run each bucket once when it is loaded and <see cref="Observe"/> it, so that
/// the first plans know L. Deterministic; one thread; no allocation.
/// </summary>
public sealed class BatchPlanner
{
    private readonly BatchPlannerOptions _options;
    private readonly IReadOnlyList<int> _buckets;
    private readonly BatchLatency _latency;
    private TimeSpan? _waitsSince;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public BatchPlanner(BatchPlannerOptions options)
    {
        _options = options.Validate();
        _buckets = options.Buckets;
        _latency = new BatchLatency(_buckets, options.Remembered);
    }

    /// <summary>The most parts one run can take.</summary>
    public int Largest => _buckets[^1];

    /// <summary>What a run of the bucket took: teaches L.</summary>
    /// <param name="bucket">The batch size that ran, padding included.</param>
    /// <param name="took">From the run's start to its end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bucket.</exception>
    public void Observe(int bucket, TimeSpan took)
    {
        var index = IndexFor(bucket);
        if (_buckets[index] != bucket)
        {
            throw new ArgumentOutOfRangeException(nameof(bucket), bucket, $"a run of {bucket} parts; the buckets are {string.Join(", ", _buckets)}");
        }

        _latency.Observe(index, took.Ticks);
    }

    /// <summary>L of the bucket that <paramref name="count"/> parts run in; the option's first guess before anything was observed.</summary>
    public TimeSpan Latency(int count) => LatencyAt(IndexFor(count));

    /// <summary>Run now with how many, or wait until when. Where even a lone part would be late the earliest is lost: the most run at once.</summary>
    /// <param name="waiting">Parts that wait.</param>
    /// <param name="earliest">Monotonic deadline of the earliest of them.</param>
    /// <param name="now">Monotonic.</param>
    public BatchPlan Plan(int waiting, TimeSpan earliest, TimeSpan now)
    {
        if (waiting <= 0)
        {
            _waitsSince = null;
            return new BatchPlan(0, 0, TimeSpan.MaxValue);
        }

        var latestEnd = earliest - _options.Margin;
        var fits = LargestThatFits(waiting, latestEnd - now);
        if (fits == Cover(waiting) && WaitFor(waiting, fits, latestEnd, now) is { } until)
        {
            return new BatchPlan(0, 0, until);
        }

        _waitsSince = null;
        var bucket = _buckets[fits];
        return new BatchPlan(Math.Min(waiting, bucket), bucket, now);
    }

    /// <summary>Index of the largest bucket in time, no larger than needed; of the largest needed, where none is in time.</summary>
    private int LargestThatFits(int waiting, TimeSpan left)
    {
        var cover = Cover(waiting);
        for (var i = cover; i >= 0; i--)
        {
            if (LatencyAt(i) <= left)
            {
                return i;
            }
        }

        return cover;
    }

    /// <summary>The smallest bucket that holds all, or the one below where padding would cost more than a second run for the rest.</summary>
    private int Cover(int waiting)
    {
        var up = IndexFor(waiting);
        if (up == 0 || _buckets[up] <= waiting)
        {
            return up;
        }

        var rest = IndexFor(waiting - _buckets[up - 1]);
        return LatencyAt(up) <= LatencyAt(up - 1) + LatencyAt(rest) ? up : up - 1;
    }

    /// <summary>Null: run now. Waits for the next fuller batch, as long as that would still be in time and is worth it.</summary>
    private TimeSpan? WaitFor(int waiting, int bucket, TimeSpan latestEnd, TimeSpan now)
    {
        var fuller = _buckets[bucket] > waiting ? bucket : bucket + 1;
        if (fuller >= _buckets.Count || LatencyAt(bucket) > latestEnd - now || !IsWorth(fuller, bucket, waiting))
        {
            return null;
        }

        var since = _waitsSince ?? now;
        var until = Earlier(latestEnd - LatencyAt(fuller), since + _options.MaxWait);
        if (until <= now)
        {
            return null;
        }

        _waitsSince = since;
        return until;
    }

    private bool IsWorth(int fuller, int bucket, int waiting) =>
        LatencyAt(fuller) / _buckets[fuller] <= _options.WorthWaiting * (LatencyAt(bucket) / Math.Min(waiting, _buckets[bucket]));

    private TimeSpan LatencyAt(int index) => _latency.IsKnown ? TimeSpan.FromTicks((long)Math.Ceiling(_latency.Ticks(_buckets[index]))) : _options.FirstGuess;

    private int IndexFor(int count)
    {
        var index = 0;
        while (index < _buckets.Count - 1 && _buckets[index] < count)
        {
            index++;
        }

        return index;
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
