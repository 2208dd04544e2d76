namespace Inspection.Decisions.Work;

/// <summary>
/// L(n) = a + b*n in ticks: least squares over the medians of the last runs of each bucket, weighted by how many there were; a and b are
/// never negative. While only one bucket was seen, half of its time is taken for a.
/// </summary>
internal sealed class BatchLatency(IReadOnlyList<int> buckets, int remembered)
{
    private readonly long[] _runs = new long[buckets.Count * remembered];
    private readonly int[] _seen = new int[buckets.Count];
    private double _a;
    private double _b;

    public bool IsKnown { get; private set; }

    public double Ticks(int count) => _a + (_b * count);

    public void Observe(int index, long ticks)
    {
        _runs[(index * remembered) + (_seen[index] % remembered)] = Math.Max(1, ticks);
        _seen[index]++;
        if (_seen[index] == 2 * remembered)
        {
            _seen[index] = remembered; // only whether it is full, and the place, matter
        }

        Fit();
        IsKnown = true;
    }

    private void Fit()
    {
        double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
        for (var i = 0; i < buckets.Count; i++)
        {
            double weight = Math.Min(_seen[i], remembered);
            if (weight > 0)
            {
                double x = buckets[i], y = Median(i);
                w += weight;
                wx += weight * x;
                wy += weight * y;
                wxx += weight * x * x;
                wxy += weight * x * y;
            }
        }

        var spread = (w * wxx) - (wx * wx);
        if (spread <= 1e-9 * w * wxx)
        {
            (_a, _b) = (wy / w / 2, wy / wx / 2);
            return;
        }

        _b = Math.Max(0, ((w * wxy) - (wx * wy)) / spread);
        _a = (wy - (_b * wx)) / w;
        if (_a < 0)
        {
            (_a, _b) = (0, wxy / wxx);
        }
    }

    private double Median(int index)
    {
        var count = Math.Min(_seen[index], remembered);
        Span<long> sorted = stackalloc long[count];
        _runs.AsSpan(index * remembered, count).CopyTo(sorted);
        sorted.Sort();
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0;
    }
}
