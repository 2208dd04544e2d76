using Inspection.Tests.Support.Cluster;

namespace Inspection.Nodes.Tests;

/// <summary>Waits for a condition inside this process, with a generous deadline that prints what it last saw. No fixed sleeps, no timed assertions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(20);

    public static Task<T> SeesAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, string what, TimeSpan? within = null, Func<string>? more = null) =>
        Waiting.UntilAsync(look, wanted, what, more, deadline: within ?? Deadline, every: Every);
}
