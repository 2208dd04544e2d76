using System.Diagnostics;

namespace Inspection.Nodes.Tests;

/// <summary>Waits for a condition, with a generous deadline that prints what it last saw. No fixed sleeps, no timed assertions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    public static async Task<T> SeesAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, string what, TimeSpan? within = null)
    {
        var deadline = within ?? Deadline;
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var seen = await look();
            if (wanted(seen))
            {
                return seen;
            }

            if (clock.Elapsed > deadline)
            {
                throw new TimeoutException($"waited {deadline.TotalSeconds:0} s for {what}; last seen: {seen}");
            }

            _ = await timer.WaitForNextTickAsync();
        }
    }
}
