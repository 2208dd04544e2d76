using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inspection.Vision.Preparing;

/// <summary>Sums over rows of bytes, SIMD, for the sentinel.</summary>
internal static class FrameStatistics
{
    /// <summary>How many values are at most <paramref name="low"/>, and how many at least <paramref name="high"/>.</summary>
    public static (int Low, int High) Count(ReadOnlySpan<byte> row, byte low, byte high)
    {
        ref var start = ref MemoryMarshal.GetReference(row);
        var (lows, highs, x) = (0, 0, 0);
        for (; x <= row.Length - 32; x += 32)
        {
            var values = Vector256.LoadUnsafe(ref start, (nuint)x);
            lows += BitOperations.PopCount(Vector256.LessThanOrEqual(values, Vector256.Create(low)).ExtractMostSignificantBits());
            highs += BitOperations.PopCount(Vector256.GreaterThanOrEqual(values, Vector256.Create(high)).ExtractMostSignificantBits());
        }

        for (; x < row.Length; x++)
        {
            lows += row[x] <= low ? 1 : 0;
            highs += row[x] >= high ? 1 : 0;
        }

        return (lows, highs);
    }

    /// <summary>The sum of squared differences of a and b, of one length of at most 65,536.</summary>
    public static long SquaredDifferences(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        var sum = Vector256<uint>.Zero;
        var x = 0;
        for (; x <= a.Length - 32; x += 32)
        {
            var (p, q) = (Vector256.LoadUnsafe(ref first, (nuint)x), Vector256.LoadUnsafe(ref second, (nuint)x));
            var apart = Vector256.Max(p, q) - Vector256.Min(p, q);
            var (low, high) = (Vector256.WidenLower(apart), Vector256.WidenUpper(apart));

            // 255 squared still fits 16 bits
            (low, high) = (low * low, high * high);
            sum += Vector256.WidenLower(low) + Vector256.WidenUpper(low) + Vector256.WidenLower(high) + Vector256.WidenUpper(high);
        }

        long total = 0;
        for (var lane = 0; lane < 8; lane++)
        {
            total += sum[lane];
        }

        for (; x < a.Length; x++)
        {
            total += (a[x] - b[x]) * (a[x] - b[x]);
        }

        return total;
    }

    /// <summary>The sum of absolute differences of a and b, of one length.</summary>
    public static long AbsoluteDifferences(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        var sum = Vector256<uint>.Zero;
        var x = 0;
        for (; x <= a.Length - 32; x += 32)
        {
            var (p, q) = (Vector256.LoadUnsafe(ref first, (nuint)x), Vector256.LoadUnsafe(ref second, (nuint)x));
            var apart = Vector256.Max(p, q) - Vector256.Min(p, q);
            var words = Vector256.WidenLower(apart) + Vector256.WidenUpper(apart);
            sum += Vector256.WidenLower(words) + Vector256.WidenUpper(words);
        }

        long total = 0;
        for (var lane = 0; lane < 8; lane++)
        {
            total += sum[lane];
        }

        for (; x < a.Length; x++)
        {
            total += Math.Abs(a[x] - b[x]);
        }

        return total;
    }
}
