using System.Globalization;
using System.Runtime.InteropServices;

namespace Inspection.Benchmarks;

/// <summary>
/// Which memory of this process an action changes, whoever writes it: every writable mapping (managed heap, native heap, stacks) is copied,
/// and compared after the action.
/// </summary>
internal static unsafe class MemoryChanges
{
    private const int Repeats = 15;
    private const int Page = 4096;
    private const int Chunk = 256 * Page;

    /// <summary>
    /// Pages of which the second action changes at least half of the bytes that the first left there. Least of some repeats: what else goes on
    /// in the process only adds.
    /// </summary>
    public static long Pages(Action first, Action second)
    {
        using var memory = File.OpenHandle("/proc/self/mem");
        var room = (byte*)NativeMemory.AlignedAlloc(Chunk, Page);
        first();
        second();
        var least = long.MaxValue;
        for (var i = 0; i < Repeats; i++)
        {
            GC.Collect();
            var ranges = Writable((long)room);
            var copy = (byte*)NativeMemory.Alloc((nuint)ranges.Sum(r => r.Length));
            try
            {
                first();
                Walk(memory, ranges, room, copy, static (read, kept) =>
                {
                    read.CopyTo(kept);
                    return 0;
                });
                second();
                least = Math.Min(least, Walk(memory, ranges, room, copy, static (read, kept) => Changed(read, kept)));
            }
            finally
            {
                NativeMemory.Free(copy);
            }
        }

        NativeMemory.AlignedFree(room);
        return least;
    }

    private delegate long Visit(ReadOnlySpan<byte> read, Span<byte> kept);

    private static long Walk(Microsoft.Win32.SafeHandles.SafeFileHandle memory, List<(long From, long Length)> ranges, byte* room, byte* copy, Visit visit)
    {
        var (sum, offset) = (0L, 0L);
        foreach (var (from, length) in ranges)
        {
            for (long at = 0; at < length;)
            {
                var size = (int)Math.Min(Chunk, length - at);
                var chunk = new Span<byte>(room, size);
                if (TryRead(memory, chunk, from + at))
                {
                    sum += visit(chunk, new Span<byte>(copy + offset + at, size));
                }

                at += size;
            }

            offset += length;
        }

        return sum;
    }

    /// <summary>False where memory was given back since the list of mappings was read: then nothing was left there.</summary>
    private static bool TryRead(Microsoft.Win32.SafeHandles.SafeFileHandle memory, Span<byte> room, long at)
    {
        try
        {
            return RandomAccess.Read(memory, room, at) == room.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static long Changed(ReadOnlySpan<byte> read, ReadOnlySpan<byte> kept)
    {
        var pages = 0;
        for (var at = 0; at + Page <= read.Length; at += Page)
        {
            var a = read.Slice(at, Page);
            var b = kept.Slice(at, Page);
            if (a.SequenceEqual(b))
            {
                continue;
            }

            var changed = 0;
            for (var i = 0; i < Page; i++)
            {
                changed += a[i] == b[i] ? 0 : 1;
            }

            pages += changed >= Page / 2 ? 1 : 0;
        }

        return pages;
    }

    /// <summary>Private writable mappings but the kernel's own: heaps and stacks. Shared ones hold the runtime's compiled code.</summary>
    /// <param name="room">What comparing itself writes: left out.</param>
    private static List<(long From, long Length)> Writable(long room) =>
    [
        .. from line in File.ReadLines("/proc/self/maps")
           let parts = line.Split(' ', 2)
           where parts[1].StartsWith("rw-p", StringComparison.Ordinal) && !line.Contains("[v", StringComparison.Ordinal)
           let ends = parts[0].Split('-')
           from part in Without(Address(ends[0]), Address(ends[1]), room, room + Chunk)
           select part,
    ];

    private static IEnumerable<(long From, long Length)> Without(long from, long to, long holeFrom, long holeTo)
    {
        if (holeTo <= from || holeFrom >= to)
        {
            yield return (from, to - from);
            yield break;
        }

        if (from < holeFrom)
        {
            yield return (from, holeFrom - from);
        }

        if (holeTo < to)
        {
            yield return (holeTo, to - holeTo);
        }
    }

    private static long Address(string hex) => long.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
