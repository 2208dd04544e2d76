using System.Runtime.InteropServices;

namespace Inspection.Nodes.Hosting.Setup;

/// <summary>
/// Rule L2: monotonic time that goes on while the machine is suspended (CLOCK_BOOTTIME of Linux), so that a holder that slept does not
/// believe in its lease. Timers are the system's.
/// </summary>
public sealed partial class BootTime : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private BootTime()
    {
    }

    /// <summary>The boot-time clock where the operating system has one, else its monotonic clock.</summary>
    public static TimeProvider Best { get; } = OperatingSystem.IsLinux() && Read(out _) ? new BootTime() : System;

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp() => Read(out var now) ? now : throw new InvalidOperationException("the clock CLOCK_BOOTTIME could be read at the start and can't be any more");

    private static bool Read(out long nanoseconds)
    {
        var ok = ClockGetTime(ClockBootTime, out var time) == 0;
        nanoseconds = (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
        return ok;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
