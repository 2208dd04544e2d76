using Inspection.Learning.Statistics;
using Xunit;

namespace Inspection.Evaluation.Tests.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void Every_replicate_draws_whole_groups_and_keeps_the_strata()
    {
        var groups = Enumerable.Range(0, 90).Select(i => $"g{i / 3}").ToArray();
        var bad = Enumerable.Range(0, 90).Select(i => i < 45).ToArray();
        var bootstrap = new GroupBootstrap(groups, bad, groupsKnown: true, seed: 5, replicates: 50);
        Assert.All(bootstrap.Replicates, w =>
        {
            Assert.All(Enumerable.Range(0, 30), g => Assert.Single(w.Skip(3 * g).Take(3).Distinct()));
            Assert.Equal(45, w.Take(45).Sum());
            Assert.Equal(45, w.Skip(45).Sum());
        });
        Assert.Equal(bootstrap.Replicates, new GroupBootstrap(groups, bad, groupsKnown: true, seed: 5, replicates: 50).Replicates);
    }

    [Fact]
    public void Few_groups_get_no_interval_however_many_images_they_hold()
    {
        var (scores, bad) = Overlapping(200);
        var groups = Enumerable.Range(0, 200).Select(i => bad[i] ? $"b{i}" : $"g{i % 9}").ToArray();
        var interval = Auroc(groups, scores, bad, known: true);
        Assert.NotNull(interval.Value);
        Assert.Null(interval.Low);
        Assert.Equal(9, interval.Groups);
        Assert.Contains("too few", interval.Note);
    }

    [Fact]
    public void A_perfect_AUROC_is_degenerate_and_never_an_interval()
    {
        var bad = Enumerable.Range(0, 80).Select(i => i < 40).ToArray();
        double[] scores = [.. bad.Select(b => b ? 1.0 : 0.0)];
        var interval = Auroc([.. Enumerable.Range(0, 80).Select(i => $"{i}")], scores, bad, known: true);
        Assert.Equal(1.0, interval.Value);
        Assert.Null(interval.Low);
        Assert.Contains("degenerate", interval.Note);
    }

    [Fact]
    public void An_interval_holds_its_figure_and_grouping_widens_it()
    {
        var (scores, bad) = Overlapping(400);
        var single = Auroc([.. Enumerable.Range(0, 400).Select(i => $"{i}")], scores, bad, known: false);
        var grouped = Auroc([.. Enumerable.Range(0, 400).Select(i => $"{bad[i]}{(int)(scores[i] * 10)}")], scores, bad, known: true);
        Assert.InRange(single.Value!.Value, single.Low!.Value, single.High!.Value);
        Assert.True(grouped.High - grouped.Low > single.High - single.Low);
        Assert.Contains("optimistic", single.Note);
        Assert.Equal("", grouped.Note);
    }

    [Fact]
    public void A_paired_comparison_sees_a_small_steady_gain_and_none_between_equals()
    {
        var (scores, bad) = Overlapping(400);
        var bootstrap = new GroupBootstrap([.. Enumerable.Range(0, 400).Select(i => $"{i}")], bad, groupsKnown: true);
        var better = PairedComparison.OfAuroc(bootstrap, bad, scores, [.. scores.Select((s, i) => bad[i] ? s + 0.3 : s)]);
        var same = PairedComparison.OfAuroc(bootstrap, bad, scores, [.. scores.Select(s => s * 2)]);
        Assert.True(better.Difference.Low > 0);
        Assert.True(better.P < 0.01);
        Assert.Equal(0, same.Difference.Value);
        Assert.Equal(1, same.P);
    }

    [Fact]
    public void Holm_adjusts_by_rank_and_never_falls()
    {
        var adjusted = PairedComparison.Holm([0.01, 0.04, 0.03, 0.005]);
        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
    }

    private static Interval Auroc(string[] groups, double[] scores, bool[] bad, bool known) =>
        new GroupBootstrap(groups, bad, known).Of(new WeightedAuroc(scores, bad).Of, Rests.OnBoth, v => v is 0 or 1);

    private static (double[] Scores, bool[] Bad) Overlapping(int n)
    {
        var random = new SeededRandom(7);
        var bad = Enumerable.Range(0, n).Select(i => i % 2 == 0).ToArray();
        return ([.. bad.Select(b => (b ? 0.5 : 0) + (2 * random.Unit()))], bad);
    }
}
