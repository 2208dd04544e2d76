using System.Numerics.Tensors;

namespace Inspection.Learning.Datasets;

/// <summary>Two pictures that look alike more than two parts do.</summary>
public sealed record NearDuplicate(DatasetItem First, DatasetItem Second, double Correlation)
{
    /// <summary>One was learned from, the other is tested on: the test is easier than it looks.</summary>
    public bool CrossesSplit => First.Split != Second.Split;
}

/// <summary>
/// Rule 2 of evaluation.md, where groups are unknown: pictures whose thumbnails correlate, high-passed and less what all pictures of the set
/// have in common; otherwise every picture of a product looks like every other, by its lighting or by its design. A search, not a proof:
/// it finds copies and re-exposures, not other photographs of one part.
/// </summary>
public static class NearDuplicates
{
    /// <summary>Side of the square grey thumbnail.</summary>
    public const int Side = 48;

    /// <summary>Measured on the shared tiles: exposures of one tile lie above it.</summary>
    public const double DefaultThreshold = 0.93;

    private const int Blur = 3;
    private const int FewestForCommon = 20;

    /// <param name="items">The pictures.</param>
    /// <param name="thumbnail">[Side, Side] grey values of one; null where it cannot be read (it is then compared with none).</param>
    public static IReadOnlyList<NearDuplicate> Find(
        IReadOnlyList<DatasetItem> items, Func<DatasetItem, float[]?> thumbnail, double threshold = DefaultThreshold)
    {
        var patterns = items.Select(i => thumbnail(i) is { } grey ? HighPass(grey) : null).ToArray();
        Standardise(patterns);
        List<NearDuplicate> found = [];
        for (var i = 0; i < patterns.Length; i++)
        {
            for (var j = i + 1; j < patterns.Length; j++)
            {
                if (patterns[i] is { } a && patterns[j] is { } b && TensorPrimitives.Dot<float>(a, b) is var r && r > threshold)
                {
                    found.Add(new NearDuplicate(items[i], items[j], r));
                }
            }
        }

        return found;
    }

    private static float[] HighPass(float[] grey)
    {
        if (grey.Length != Side * Side)
        {
            throw new ArgumentException($"a thumbnail has {Side} x {Side} values, not {grey.Length}", nameof(grey));
        }

        var high = new float[grey.Length];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var (sum, count) = (0f, 0);
                for (var ny = Math.Max(0, y - Blur); ny <= Math.Min(Side - 1, y + Blur); ny++)
                {
                    for (var nx = Math.Max(0, x - Blur); nx <= Math.Min(Side - 1, x + Blur); nx++)
                    {
                        sum += grey[(ny * Side) + nx];
                        count++;
                    }
                }

                high[(y * Side) + x] = grey[(y * Side) + x] - (sum / count);
            }
        }

        return high;
    }

    // less the mean picture, centred, of length 1: then the dot product is the correlation; a flat one correlates with nothing
    private static void Standardise(float[]?[] patterns)
    {
        var common = new float[Side * Side];
        var count = patterns.Count(p => p is not null);
        foreach (var pattern in patterns.Where(p => p is not null))
        {
            for (var i = 0; i < common.Length; i++)
            {
                common[i] += pattern![i] / count;
            }
        }

        var shared = TensorPrimitives.Dot<float>(common, common);
        for (var p = 0; p < patterns.Length; p++)
        {
            if (patterns[p] is not { } pattern)
            {
                continue;
            }

            // projected out rather than subtracted, so that a brighter exposure loses its brighter design; of a few pictures the mean holds too much of each
            var share = count >= FewestForCommon && shared > 0 ? TensorPrimitives.Dot<float>(pattern, common) / shared : 0;
            var own = pattern.Zip(common, (v, c) => v - (share * c)).ToArray();
            var mean = own.Average();
            var length = MathF.Sqrt(own.Sum(v => (v - mean) * (v - mean)));
            patterns[p] = length < 1e-3f ? null : [.. own.Select(v => (v - mean) / length)];
        }
    }
}
