namespace Inspection.Decisions.Work;

/// <summary>
/// Rule W2: re-offers within the sliding window are at most a share of all offers within it, or the fewest that are always allowed. The
/// window is ten buckets of a tenth of its length, the current one included: between nine and ten tenths of the window are remembered.
/// </summary>
internal sealed class ReofferBudget(WorkLeasesOptions options)
{
    public const int Buckets = 10;

    private readonly long _bucketTicks = Math.Max(1, options.BudgetWindow.Ticks / Buckets);
    private readonly int[] _offers = new int[Buckets];
    private readonly int[] _reoffers = new int[Buckets];
    private long _current;
    private long _offersInWindow;
    private long _reoffersInWindow;

    /// <summary>Whether one more re-offer keeps within the budget.</summary>
    public bool Allows(TimeSpan now)
    {
        Advance(now);
        return _reoffersInWindow + 1 <= Math.Max(options.FewestReoffers, (long)(options.ReofferShare * _offersInWindow));
    }

    public void Count(TimeSpan now, bool reoffer)
    {
        Advance(now);
        var bucket = (int)(_current % Buckets);
        _offers[bucket]++;
        _offersInWindow++;
        if (reoffer)
        {
            _reoffers[bucket]++;
            _reoffersInWindow++;
        }
    }

    private void Advance(TimeSpan now)
    {
        var bucket = now.Ticks / _bucketTicks;
        for (var steps = Math.Min(bucket - _current, Buckets); steps > 0; steps--)
        {
            var oldest = (int)((bucket - steps + 1) % Buckets);
            _offersInWindow -= _offers[oldest];
            _reoffersInWindow -= _reoffers[oldest];
            (_offers[oldest], _reoffers[oldest]) = (0, 0);
        }

        _current = Math.Max(_current, bucket);
    }
}
