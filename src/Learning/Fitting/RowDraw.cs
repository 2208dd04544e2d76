using Inspection.Learning.Statistics;

namespace Inspection.Learning.Fitting;

/// <summary>Draws rows out of a [count, width] table.</summary>
internal static class RowDraw
{
    /// <summary>Different rows, by seed, in their order.</summary>
    public static float[] Random(float[] rows, int width, int wanted, ref SeededRandom random)
    {
        var count = rows.Length / width;
        if (count <= wanted)
        {
            return rows;
        }

        var order = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < wanted; i++)
        {
            var j = i + random.Below(count - i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        Array.Sort(order, 0, wanted);
        return Take(rows, width, order.AsSpan(0, wanted));
    }

    private static float[] Take(float[] rows, int width, ReadOnlySpan<int> chosen)
    {
        var taken = new float[chosen.Length * width];
        for (var i = 0; i < chosen.Length; i++)
        {
            rows.AsSpan(chosen[i] * width, width).CopyTo(taken.AsSpan(i * width));
        }

        return taken;
    }
}
