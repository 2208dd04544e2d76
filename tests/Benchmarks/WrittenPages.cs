using System.Globalization;
using System.Runtime.InteropServices;

namespace Inspection.Benchmarks;

/// <summary>
/// How much memory of this process an action writes, whoever writes it: the kernel's soft-dirty bits, cleared before and counted after, over
/// every writable mapping (managed heap, native heap, stacks). In pages: a page written twice counts once.
/// </summary>
internal sealed class WrittenPages : IDisposable
{
    private const int Repeats = 25;
    private const ulong SoftDirty = 1UL << 55;

    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _pages = File.OpenHandle("/proc/self/pagemap");
    private readonly byte[] _entries = GC.AllocateArray<byte>(1 << 16, pinned: true);

    /// <summary>Whether this kernel keeps the bits (CONFIG_MEM_SOFT_DIRTY).</summary>
    public static bool AreCounted
    {
        get
        {
            if (!File.Exists("/proc/self/pagemap") || !File.Exists("/proc/self/clear_refs"))
            {
                return false;
            }

            using var pages = new WrittenPages();
            var room = GC.AllocateArray<byte>(64 * Environment.SystemPageSize, pinned: true);
            return pages.Of(() => room.AsSpan().Fill(1)) - pages.Of(static () => { }) is >= 62 and <= 66;
        }
    }

    /// <summary>Least of many runs: what else goes on in the process only adds.</summary>
    public long Of(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var i = 0; i < Repeats; i++)
        {
            GC.Collect();
            var ranges = Writable();
            _ = Count(ranges); // what counting itself writes is written before the bits are cleared, too
            File.WriteAllText("/proc/self/clear_refs", "4");
            action();
            least = Math.Min(least, Count(ranges));
        }

        return least;
    }

    public void Dispose() => _pages.Dispose();

    private long Count((long From, long To)[] ranges)
    {
        var written = 0L;
        foreach (var (from, to) in ranges)
        {
            for (var at = from; at < to;)
            {
                var read = RandomAccess.Read(_pages, _entries.AsSpan(0, (int)Math.Min(_entries.Length, (to - at) * sizeof(ulong))), at * sizeof(ulong));
                foreach (var entry in MemoryMarshal.Cast<byte, ulong>(_entries.AsSpan(0, read)))
                {
                    written += (entry & SoftDirty) != 0 ? 1 : 0;
                }

                at += Math.Max(1, read / sizeof(ulong));
            }
        }

        return written;
    }

    private static (long From, long To)[] Writable() =>
    [
        .. from line in File.ReadLines("/proc/self/maps")
           let parts = line.Split(' ')
           where parts[1][1] == 'w' && !line.EndsWith("[vsyscall]", StringComparison.Ordinal)
           let ends = parts[0].Split('-')
           select (Page(ends[0]), Page(ends[1])),
    ];

    private static long Page(string address) => (long)(ulong.Parse(address, NumberStyles.HexNumber, CultureInfo.InvariantCulture) / (ulong)Environment.SystemPageSize);
}
