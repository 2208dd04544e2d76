using FsCheck;
using FsCheck.Xunit;
using Inspection.Learning.Statistics;
using Xunit;

namespace Inspection.Evaluation.Tests.Statistics;

public sealed class PropertyTests
{
    [Property]
    public void The_AUROC_does_not_change_under_a_growing_map_and_turns_around_under_a_falling_one(sbyte[] values, bool[] labels)
    {
        var (scores, bad) = Pair(values, labels);
        var area = RocCurve.Of(scores, bad).Auroc();
        Assert.Equal(area, RocCurve.Of([.. scores.Select(s => Math.Exp(s / 50) + 3)], bad).Auroc());
        var turned = RocCurve.Of([.. scores.Select(s => -s)], bad).Auroc();
        Assert.Equal(area is null ? double.NaN : 1 - area.Value, turned ?? double.NaN, 1e-12);
    }

    [Property]
    public void The_AUROC_is_the_share_of_pairs_in_the_right_order(sbyte[] values, bool[] labels)
    {
        var (scores, bad) = Pair(values.Select(v => (sbyte)(v % 5)).ToArray(), labels);
        var pairs = (from b in Enumerable.Range(0, bad.Length)
                     where bad[b]
                     from g in Enumerable.Range(0, bad.Length)
                     where !bad[g]
                     select scores[b] > scores[g] ? 1.0 : scores[b] == scores[g] ? 0.5 : 0).ToArray();
        var area = RocCurve.Of(scores, bad).Auroc();
        Assert.Equal(pairs.Length == 0 ? double.NaN : pairs.Average(), area ?? double.NaN, 1e-12);
        var ones = Enumerable.Repeat(1, bad.Length).ToArray();
        Assert.Equal(area ?? double.NaN, new WeightedAuroc(scores, bad).Of(ones) ?? double.NaN, 1e-12);
    }

    [Property]
    public void A_weight_counts_like_copies(sbyte[] values, bool[] labels, byte[] weights)
    {
        var (scores, bad) = Pair(values, labels);
        var weight = scores.Select((_, i) => weights.Length == 0 ? 1 : weights[i % weights.Length] % 4).ToArray();
        var copies = Enumerable.Range(0, scores.Length).SelectMany(i => Enumerable.Repeat(i, weight[i])).ToArray();
        var expected = RocCurve.Of([.. copies.Select(i => scores[i])], [.. copies.Select(i => bad[i])]).Auroc();
        Assert.Equal(expected ?? double.NaN, new WeightedAuroc(scores, bad).Of(weight) ?? double.NaN, 1e-12);
    }

    [Property]
    public void The_oracle_threshold_keeps_its_promise_and_the_next_lower_one_would_not(sbyte[] values, bool[] labels, byte percent)
    {
        var (scores, bad) = Pair(values, labels);
        var allowed = percent % 30 / 100.0;
        if (OracleRates.EscapeAt(RocCurve.Of(scores, bad), allowed) is not { } oracle)
        {
            return;
        }

        int Alarms(double t) => scores.Where((s, i) => !bad[i] && s >= t).Count();
        var limit = (int)Math.Floor((allowed * bad.Count(b => !b)) + 1e-9);
        Assert.Equal(oracle.Threshold is { } t ? Alarms(t) : 0, oracle.FalseAlarms);
        Assert.True(oracle.FalseAlarms <= limit);
        var lower = scores.Where(s => s < (oracle.Threshold ?? double.PositiveInfinity)).ToArray();
        Assert.True(lower.Length == 0 || Alarms(lower.Max()) > limit);
    }

    [Property(MaxTest = 60)]
    public void Counting_pixels_gives_what_sorting_them_gives(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var samples = Enumerable.Range(0, 3).Select(_ => Sample(ref random)).ToArray();
        var scores = samples.SelectMany(s => s.Map.Select(v => (double)v)).ToArray();
        var bad = samples.SelectMany(s => s.Mask.Select(m => m != 0)).ToArray();
        var figures = PixelMetrics.Of([.. samples.Select(s => new ArraySample(9, 7, s.Map, s.Mask))]);
        Assert.Equal(RocCurve.Of(scores, bad).Auroc() ?? double.NaN, figures?.PooledAuroc ?? double.NaN, 1e-12);
        if (figures is not null)
        {
            Assert.InRange(figures.Aupro30, 0, 1);
            Assert.Equal(bad.Count(b => b), figures.DefectPixels);
            Assert.Equal(bad.Count(b => !b), figures.GoodPixels);
        }
    }

    [Fact]
    public void Diagonal_neighbours_are_one_region_and_a_row_end_is_no_neighbour_of_the_next_row()
    {
        byte[] mask = [1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1];
        var labels = new int[12];
        Assert.Equal(3, ConnectedRegions.Label(mask, 4, 3, labels));
        Assert.Equal([1, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, 3], labels);
    }

    [Fact]
    public void Perfect_maps_have_full_overlap_at_no_false_alarm()
    {
        var map = new float[100];
        var mask = new byte[100];
        (map[5], map[77], mask[5], mask[77]) = (1, 1, 1, 1);
        var figures = PixelMetrics.Of([new ArraySample(10, 10, map, mask), new ArraySample(10, 10, new float[100], null)])!;
        Assert.Equal((1.0, 1.0, 1.0, 1.0, 2), (figures.PooledAuroc, figures.MeanAuroc, figures.Aupro30, figures.Aupro05, figures.Regions));
    }

    [Fact]
    public void Without_a_defective_pixel_there_is_no_pixel_figure() =>
        Assert.Null(PixelMetrics.Of([new ArraySample(2, 2, [1, 2, 3, 4], null)]));

    [Fact]
    public void A_map_with_NaN_is_refused() =>
        Assert.Throws<ArgumentException>(() => PixelMetrics.Of([new ArraySample(2, 1, [1, float.NaN], [0, 1])]));

    [Theory]
    [InlineData(0.01, 99)]
    [InlineData(0.05, 19)]
    public void A_rate_needs_its_number_of_calibration_units_and_is_refused_below(double rate, int units)
    {
        Assert.Equal(units, Conformal.UnitsNeeded(rate));
        var enough = Enumerable.Range(0, units).Select(i => (float)i).ToArray();
        var threshold = Conformal.Threshold(enough, rate);
        Assert.True(threshold > units - 1);
        Assert.True(Conformal.PValue([.. enough.Select(v => (double)v)], threshold) <= rate + 1e-12);
        Assert.Contains($"{units} are needed", Assert.Throws<ArgumentException>(() => Conformal.Threshold(enough.AsSpan(1), rate)).Message);
    }

    [Fact]
    public void A_hundred_defects_certify_three_percent() => Assert.Equal(0.0295, BinomialBounds.CertifiableRate(100, 0.05), 1e-4);

    private static (double[] Scores, bool[] Bad) Pair(sbyte[] values, bool[] labels)
    {
        var n = Math.Min(values.Length, labels.Length);
        return ([.. values.Take(n).Select(v => (double)v)], labels[..n]);
    }

    private static (float[] Map, byte[] Mask) Sample(ref SeededRandom random)
    {
        var map = new float[63];
        var mask = new byte[63];
        for (var i = 0; i < map.Length; i++)
        {
            // few levels, so that ties occur, and negative ones
            map[i] = (random.Below(12) / 4f) - 1;
            mask[i] = (byte)(random.Below(5) == 0 ? 1 : 0);
        }

        return (map, mask);
    }
}
