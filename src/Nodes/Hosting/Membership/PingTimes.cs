namespace Inspection.Nodes.Hosting.Membership;

/// <summary>The last round trips of small messages to the other nodes, for status; one writer, any reader.</summary>
public sealed class PingTimes
{
    /// <summary>At five a second and node, the last quarter of a minute of a plant of seven.</summary>
    private const int Kept = 512;

    private readonly Lock _gate = new();
    private readonly double[] _milliseconds = new double[Kept];
    private long _count;

    public void Add(TimeSpan roundTrip)
    {
        lock (_gate)
        {
            _milliseconds[_count++ % Kept] = roundTrip.TotalMilliseconds;
        }
    }

    /// <summary>How many there ever were, and the percentiles of those kept, in milliseconds; NaN while there is none.</summary>
    public (long Count, double P50, double P99, double Max) Read()
    {
        lock (_gate)
        {
            var sorted = _milliseconds.Take((int)Math.Min(_count, Kept)).Order().ToArray();
            return sorted.Length == 0 ? (0, double.NaN, double.NaN, double.NaN) : (_count, At(0.5), At(0.99), sorted[^1]);

            double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
        }
    }

    /// <summary>Forgets what was: what follows is a measurement of its own.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _count = 0;
        }
    }
}
