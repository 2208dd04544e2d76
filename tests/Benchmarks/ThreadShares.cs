using System.Globalization;

namespace Inspection.Benchmarks;

/// <summary>Processor time of every thread of this process by its name, as the kernel counts it (nanoseconds).</summary>
internal sealed class ThreadShares
{
    private readonly Dictionary<string, (string Name, long Nanoseconds)> _threads = [];

    private ThreadShares()
    {
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                var run = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0];
                _threads[Path.GetFileName(task)] = (File.ReadAllText(Path.Combine(task, "comm")).Trim(), long.Parse(run, CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // the thread ended while the folder was read: it has no time of its own any more
                _ = _threads.Remove(Path.GetFileName(task));
            }
        }
    }

    public static ThreadShares Now() => new();

    /// <summary>Milliseconds since an earlier reading, by thread name, most first.</summary>
    public IReadOnlyList<(string Name, double Milliseconds)> Since(ThreadShares earlier) =>
    [
        .. from thread in _threads
           let before = earlier._threads.GetValueOrDefault(thread.Key)
           let spent = thread.Value.Nanoseconds - (before.Name == thread.Value.Name ? before.Nanoseconds : 0)
           group spent by thread.Value.Name into named
           let sum = named.Sum() / 1e6
           orderby sum descending
           select (named.Key, sum),
    ];
}
