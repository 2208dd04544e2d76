using System.Diagnostics;

namespace Inspection.Tests.Support.Cluster;

public static class Waiting
{
    /// <summary>Generous: a loaded machine is slow, what hangs is found all the same.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    /// <summary>Until the condition holds; fails after the deadline and prints what was seen last.</summary>
    /// <param name="look">What is looked at.</param>
    /// <param name="wanted">The condition.</param>
    /// <param name="what">Its name.</param>
    /// <param name="more">What a failure says beyond what was seen.</param>
    /// <param name="deadline">Null: <see cref="Deadline"/>.</param>
    /// <param name="every">Between two looks; null: 200 ms.</param>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, string what, Func<string>? more = null, TimeSpan? deadline = null, TimeSpan? every = null)
    {
        var (clock, limit) = (Stopwatch.StartNew(), deadline ?? Deadline);
        using var timer = new PeriodicTimer(every ?? TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var seen = await LookAsync();
            if (wanted(seen))
            {
                return seen;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"waited {limit.TotalSeconds:0} s for {what}; last seen: {seen}\n{more?.Invoke()}");
            }

            _ = await timer.WaitForNextTickAsync();
        }

        // a look that never returns fails as well, and by name
        async Task<T> LookAsync()
        {
            try
            {
                return await look().WaitAsync(limit + Deadline);
            }
            catch (TimeoutException e) when (clock.Elapsed > limit + Deadline)
            {
                throw new TimeoutException($"a look for {what} did not return within {clock.Elapsed.TotalSeconds:0} s\n{more?.Invoke()}", e);
            }
        }
    }
}
