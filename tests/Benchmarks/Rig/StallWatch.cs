using System.Diagnostics;

namespace Inspection.Benchmarks.Rig;

/// <summary>A timer of 10 ms on a thread of its own that notes its longest gap: how long this machine stood still.</summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly Thread _thread;
    private readonly ManualResetEventSlim _end = new();
    private long _longest;

    public StallWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true, Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>The longest gap since it was asked last.</summary>
    public TimeSpan TakeLongest() => TimeSpan.FromTicks(Interlocked.Exchange(ref _longest, 0));

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
    }

    private void Watch()
    {
        var last = Stopwatch.GetTimestamp();
        while (!_end.Wait(Beat))
        {
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(last, now).Ticks;
            last = now;
            if (gap > Interlocked.Read(ref _longest))
            {
                _ = Interlocked.Exchange(ref _longest, gap);
            }
        }
    }
}
