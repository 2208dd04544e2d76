namespace Inspection.Audit.Totals;

/// <summary>Durations in buckets that grow by 1 %, so that any number of them costs the same memory; quantiles are within 0.5 %.</summary>
internal sealed class LatencyHistogram
{
    private const double Growth = 1.01;

    /// <summary>Up to about 1,000 hours in microseconds.</summary>
    private readonly long[] _counts = new long[(int)(Math.Log(3.6e12) / Math.Log(Growth)) + 1];

    private long _total;

    public void Add(TimeSpan duration)
    {
        var bucket = (int)(Math.Log(Math.Max(1, duration.TotalMicroseconds)) / Math.Log(Growth));
        _counts[Math.Min(bucket, _counts.Length - 1)]++;
        _total++;
    }

    /// <summary>Nearest rank, in milliseconds; NaN where there is none.</summary>
    public double Milliseconds(double quantile)
    {
        if (_total == 0)
        {
            return double.NaN;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(quantile * _total));
        var bucket = 0;
        for (var below = _counts[0]; below < rank; below += _counts[bucket])
        {
            bucket++;
        }

        return Math.Pow(Growth, bucket + 0.5) / 1000;
    }
}
