namespace Inspection.Nodes.Hosting.Setup;

/// <summary>Monotonic time since the process's start, for deadlines and leases, that counts suspended time (rule L2); wall time only for records.</summary>
public sealed class MonotonicClock(TimeProvider provider)
{
    private readonly long _start = provider.GetTimestamp();

    public static readonly MonotonicClock System = new(BootTime.Best);

    public TimeSpan Now => provider.GetElapsedTime(_start);

    public DateTime Utc => provider.GetUtcNow().UtcDateTime;
}
