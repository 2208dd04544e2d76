namespace Inspection.Learning.Statistics;

/// <summary>Pixel figures (rule 14 of evaluation.md).</summary>
/// <param name="PooledAuroc">Over all pixels of all images together.</param>
/// <param name="MeanAuroc">Mean of the AUROC of each image that has defective pixels.</param>
/// <param name="Aupro30">Per-region overlap over the false-positive rate, integrated from 0 to 0.3 and divided by 0.3.</param>
/// <param name="Aupro05">The same to 0.05.</param>
public sealed record PixelFigures(double PooledAuroc, double MeanAuroc, double Aupro30, double Aupro05, int Regions, long DefectPixels, long GoodPixels);

/// <summary>
/// Exact pixel AUROC and AUPRO (Bergmann et al., IJCV 129, 2021) in the memory of the defective pixels alone. Between two neighbouring scores of
/// defective pixels only the number of defect-free pixels matters, so those are counted, never sorted or kept.
/// </summary>
public static class PixelMetrics
{
    /// <returns>Null where no image has a defective pixel, or none has a defect-free one.</returns>
    /// <exception cref="ArgumentException">A map holds NaN.</exception>
    public static PixelFigures? Of(IReadOnlyList<PixelSample> samples)
    {
        var room = samples.Count == 0 ? 0 : samples.Max(s => s.Width * s.Height);
        var (map, mask, labels) = (new float[room], new byte[room], new int[room]);
        var (packed, sizes, perImage) = (new List<ulong>(), new List<int>(), new List<double>());
        foreach (var sample in samples.Where(s => s.HasMask))
        {
            var first = packed.Count;
            Collect(sample, map, mask, labels, packed, sizes);
            if (packed.Count > first && ImageAuroc(packed, first, map, mask, sample.Width * sample.Height) is { } auroc)
            {
                perImage.Add(auroc);
            }
        }

        if (packed.Count == 0)
        {
            return null;
        }

        var defects = packed.ToArray();
        Array.Sort(defects);
        var counts = new PixelCounts(Keys(defects));
        foreach (var sample in samples)
        {
            Read(sample, map, mask);
            counts.AddGood(map, sample.HasMask ? mask : [], sample.Width * sample.Height);
        }

        if (counts.Good == 0 || perImage.Count == 0)
        {
            return null;
        }

        var curve = ProCurve.Of(defects, sizes, counts);
        return new PixelFigures(counts.Auroc(), perImage.Average(), curve.Area(0.3), curve.Area(0.05), sizes.Count, defects.Length, counts.Good);
    }

    internal static uint[] Keys(ReadOnlySpan<ulong> packed)
    {
        var keys = new uint[packed.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (uint)(packed[i] >> 32);
        }

        return keys;
    }

    // each defective pixel as (score, region): one number, so that sorting by score carries the region along
    private static void Collect(PixelSample sample, float[] map, byte[] mask, int[] labels, List<ulong> packed, List<int> sizes)
    {
        Read(sample, map, mask);
        var regions = ConnectedRegions.Label(mask, sample.Width, sample.Height, labels);
        var before = sizes.Count;
        sizes.AddRange(new int[regions]);
        for (var i = 0; i < sample.Width * sample.Height; i++)
        {
            if (labels[i] != 0)
            {
                var region = before + labels[i] - 1;
                sizes[region]++;
                packed.Add(((ulong)FloatOrder.Key(map[i]) << 32) | (uint)region);
            }
        }
    }

    private static void Read(PixelSample sample, float[] map, byte[] mask)
    {
        var pixels = sample.Width * sample.Height;
        sample.Fill(map.AsSpan(0, pixels), mask.AsSpan(0, pixels));
        if (map.AsSpan(0, pixels).ContainsAnyNaN())
        {
            throw new ArgumentException("an anomaly map holds NaN: leave such an image out, and say so");
        }
    }

    private static bool ContainsAnyNaN(this Span<float> values)
    {
        foreach (var value in values)
        {
            if (float.IsNaN(value))
            {
                return true;
            }
        }

        return false;
    }

    private static double? ImageAuroc(List<ulong> packed, int first, float[] map, byte[] mask, int pixels)
    {
        var keys = new uint[packed.Count - first];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (uint)(packed[first + i] >> 32);
        }

        Array.Sort(keys);
        var counts = new PixelCounts(keys);
        counts.AddGood(map, mask, pixels);
        return counts.Good == 0 ? null : counts.Auroc();
    }
}
