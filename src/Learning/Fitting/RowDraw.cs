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

    /// <summary>Rows as different as can be: greedy k-centre on directions, so that a bright patch is not different by its length alone.</summary>
    public static float[] Diverse(float[] rows, int width, int wanted, ulong seed)
    {
        if (rows.Length / width <= wanted)
        {
            return rows;
        }

        var directions = (float[])rows.Clone();
        for (var i = 0; i < rows.Length / width; i++)
        {
            var row = directions.AsSpan(i * width, width);
            var length = MathF.Sqrt(Simd.Dot(row, row));
            foreach (ref var x in row)
            {
                x /= MathF.Max(1e-12f, length);
            }
        }

        return Take(rows, width, KCentre.Select(directions, width, wanted, seed));
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
