using System.Runtime.InteropServices;

namespace Inspection.Benchmarks;

/// <summary>Processor time of the calling thread: unlike wall time it says the same on a busy machine.</summary>
internal static partial class ThreadCpu
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    public static TimeSpan Now => GetTime(ThreadClock, out var time) == 0
        ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100))
        : throw new PlatformNotSupportedException("the processor time of a thread is read with clock_gettime, which this system refuses");

    /// <summary>Median over rounds of the mean time of one call.</summary>
    public static TimeSpan Of(int calls, Action<int> call)
    {
        const int rounds = 7;
        var times = new TimeSpan[rounds];
        for (var round = -1; round < rounds; round++)
        {
            var start = Now;
            for (var i = 0; i < calls; i++)
            {
                call(i);
            }

            times[Math.Max(0, round)] = (Now - start) / calls;
        }

        return times.Order().ElementAt(rounds / 2);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
