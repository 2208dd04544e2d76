namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>Time that passes only when a test says so: no lease and no deadline ends because a machine is busy.</summary>
internal sealed class HandClock : TimeProvider
{
    private long _ticks = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
