using System.Numerics;
using System.Runtime.InteropServices;
using Inspection.Learning.Statistics;

namespace Inspection.Learning.Fitting;

/// <summary>
/// Greedy k-centre coreset (Gonzalez 1985, as PatchCore uses it): each next centre is the point farthest from all centres so far. The
/// first is drawn with the seed; ties go to the lowest index; the result does not depend on the number of threads.
/// </summary>
internal static class KCentre
{
    /// <summary>Points whose distances are computed side by side, one a lane: no sum across lanes, and each dimension's values lie together.</summary>
    private const int Lanes = 32;

    /// <summary>Dimensions summed between two looks at whether the rest can still matter; leading principal components tell most.</summary>
    private const int Stretch = 8;

    private const int BlocksATask = 64;

    /// <param name="rows">[count, width] points, row by row.</param>
    /// <param name="width">Dimensions.</param>
    /// <param name="wanted">How many centres.</param>
    /// <param name="seed">Draws the first.</param>
    /// <returns>Indices of at most <paramref name="wanted"/> centres, in the order chosen.</returns>
    public static int[] Select(float[] rows, int width, int wanted, ulong seed)
    {
        var count = rows.Length / width;
        if (wanted >= count)
        {
            return [.. Enumerable.Range(0, count)];
        }

        var blocks = Interleave(rows, width, count);
        var nearest = new float[blocks.Length / width];
        Array.Fill(nearest, float.PositiveInfinity);
        Array.Fill(nearest, float.NegativeInfinity, count, nearest.Length - count);
        var tasks = ((nearest.Length / Lanes) + BlocksATask - 1) / BlocksATask;
        var farthest = new (float Distance, int Index)[tasks];
        var random = new SeededRandom(seed);
        var chosen = new int[wanted];
        chosen[0] = random.Below(count);
        for (var k = 1; k < wanted; k++)
        {
            var centre = rows.AsMemory(chosen[k - 1] * width, width);
            nearest[chosen[k - 1]] = float.NegativeInfinity;
            _ = Parallel.For(0, tasks, t => farthest[t] = Update(blocks, nearest, width, centre.Span, t * BlocksATask, Math.Min(nearest.Length / Lanes, (t + 1) * BlocksATask)));
            var best = farthest[0];
            foreach (var candidate in farthest)
            {
                best = candidate.Distance > best.Distance ? candidate : best;
            }

            chosen[k] = best.Index;
        }

        return chosen;
    }

    /// <summary>[block, dimension, lane]; the last block is filled up with zeros.</summary>
    private static float[] Interleave(float[] rows, int width, int count)
    {
        var blocks = new float[(count + Lanes - 1) / Lanes * Lanes * width];
        for (var i = 0; i < count; i++)
        {
            var start = (i / Lanes * Lanes * width) + (i % Lanes);
            for (var d = 0; d < width; d++)
            {
                blocks[start + (d * Lanes)] = rows[(i * width) + d];
            }
        }

        return blocks;
    }

    private static (float, int) Update(float[] blocks, float[] nearest, int width, ReadOnlySpan<float> centre, int from, int to)
    {
        var best = (Distance: float.NegativeInfinity, Index: from * Lanes);
        Span<float> distances = stackalloc float[Lanes];
        for (var block = from; block < to; block++)
        {
            var least = nearest.AsSpan(block * Lanes, Lanes);
            if (Distances(blocks.AsSpan(block * Lanes * width, Lanes * width), centre, least, distances))
            {
                for (var lane = 0; lane < Lanes; lane++)
                {
                    least[lane] = Math.Min(least[lane], distances[lane]);
                }
            }

            for (var lane = 0; lane < Lanes; lane++)
            {
                if (least[lane] > best.Distance)
                {
                    best = (least[lane], (block * Lanes) + lane);
                }
            }
        }

        return best;
    }

    /// <summary>
    /// Squared distances of one block's points to the centre; false, without the rest of the sums, as soon as every point's sum so far is no
    /// less than its <paramref name="least"/>: sums only grow, so the centre is nearest to none of them. The choice is the same, in a fraction of the time.
    /// </summary>
    private static bool Distances(ReadOnlySpan<float> block, ReadOnlySpan<float> centre, ReadOnlySpan<float> least, Span<float> distances)
    {
        distances.Clear();
        for (var from = 0; from < centre.Length; from += Stretch)
        {
            var to = Math.Min(centre.Length, from + Stretch);
            var nearer = false;
            for (var lane = 0; lane < Lanes; lane += Vector<float>.Count)
            {
                var sum = new Vector<float>(distances[lane..]);
                ref var values = ref MemoryMarshal.GetReference(block[lane..]);
                for (var d = from; d < to; d++)
                {
                    var difference = Vector.LoadUnsafe(ref values, (nuint)(d * Lanes)) - new Vector<float>(centre[d]);
                    sum = Vector.FusedMultiplyAdd(difference, difference, sum);
                }

                sum.CopyTo(distances[lane..]);
                nearer |= Vector.LessThanAny(sum, new Vector<float>(least[lane..]));
            }

            if (!nearer)
            {
                return false;
            }
        }

        return true;
    }
}
