namespace Inspection.Nodes.Hosting.Setup;

/// <summary>Monotonic time since the process's start, for deadlines and leases; wall time only for records.</summary>
public sealed class MonotonicClock(TimeProvider provider)
{
    private readonly long _start = provider.GetTimestamp();

    public static readonly MonotonicClock System = new(TimeProvider.System);

    public TimeSpan Now => provider.GetElapsedTime(_start);

    public DateTime Utc => provider.GetUtcNow().UtcDateTime;
}
