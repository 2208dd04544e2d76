using Inspection.Learning.Statistics;

namespace Inspection.Learning.Fitting;

/// <summary>
/// Greedy k-centre coreset (Gonzalez 1985, as PatchCore uses it): each next centre is the point farthest from all centres so far. The
/// first is drawn with the seed; ties go to the lowest index; the result does not depend on the number of threads.
/// </summary>
internal static class KCentre
{
    private const int Block = 2048;

    /// <param name="rows">[count, width] points, row by row.</param>
    /// <returns>Indices of at most <paramref name="wanted"/> centres, in the order chosen.</returns>
    public static int[] Select(float[] rows, int width, int wanted, ulong seed)
    {
        var count = rows.Length / width;
        if (wanted >= count)
        {
            return [.. Enumerable.Range(0, count)];
        }

        var norms = new float[count];
        _ = Parallel.For(0, count, i => norms[i] = Simd.Dot(rows.AsSpan(i * width, width), rows.AsSpan(i * width, width)));
        var nearest = new float[count];
        Array.Fill(nearest, float.PositiveInfinity);
        var blocks = (count + Block - 1) / Block;
        var farthest = new (float Distance, int Index)[blocks];
        var random = new SeededRandom(seed);
        var chosen = new int[wanted];
        chosen[0] = random.Below(count);
        for (var k = 1; k < wanted; k++)
        {
            var centre = chosen[k - 1];
            _ = Parallel.For(0, blocks, b => farthest[b] = Update(rows, norms, nearest, width, centre, b * Block, Math.Min(count, (b + 1) * Block)));
            var best = farthest[0];
            foreach (var candidate in farthest)
            {
                best = candidate.Distance > best.Distance ? candidate : best;
            }

            chosen[k] = best.Index;
        }

        return chosen;
    }

    private static (float, int) Update(float[] rows, float[] norms, float[] nearest, int width, int centre, int from, int to)
    {
        var point = rows.AsSpan(centre * width, width);
        var best = (Distance: float.NegativeInfinity, Index: from);
        for (var i = from; i < to; i++)
        {
            var distance = norms[i] + norms[centre] - (2 * Simd.Dot(rows.AsSpan(i * width, width), point));
            var least = i == centre ? float.NegativeInfinity : Math.Min(nearest[i], distance);
            nearest[i] = least;
            if (least > best.Distance)
            {
                best = (least, i);
            }
        }

        return best;
    }
}
