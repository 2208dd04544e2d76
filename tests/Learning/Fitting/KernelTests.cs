using Inspection.Learning.Fitting;
using Inspection.Learning.Statistics;

namespace Inspection.Learning.Tests.Fitting;

public sealed class KernelTests
{
    [Fact]
    public void The_coreset_is_the_plain_greedy_one()
    {
        const int Count = 300, Width = 9;
        var random = new SeededRandom(7);
        var rows = Enumerable.Range(0, Count * Width).Select(_ => (float)random.Unit()).ToArray();
        var chosen = KCentre.Select(rows, Width, 20, 3);
        var plain = new List<int> { chosen[0] };
        while (plain.Count < 20)
        {
            plain.Add(Enumerable.Range(0, Count).MaxBy(i => plain.Min(c => Distance(rows, Width, i, c))));
        }

        Assert.Equal(plain, chosen);
    }

    [Fact]
    public void A_distance_counts_what_the_components_leave_over()
    {
        const int Width = 8;
        var random = new SeededRandom(11);
        var rows = new float[200 * Width];
        for (var i = 0; i < rows.Length; i++)
        {
            // All variance lies in the first two features.
            rows[i] = 2 + (i % Width < 2 ? (float)random.Unit() : 0);
        }

        var bank = PatchBank.Fit(rows, Width, new PatchBankOptions(200, 1) { Components = 2 });
        var seen = rows[..Width];
        float[] strange = [.. seen[..^1], seen[^1] + 3];
        var (near, far) = (bank.Distances(seen)[0], bank.Distances(strange)[0]);
        Assert.True(near < 0.05f, $"a patch of the bank is {near} away");
        Assert.True(far > 5 * Math.Max(near, 0.05f), $"a patch that differs where good ones never do is {far} away");
    }

    [Fact]
    public void The_vote_of_the_residual_is_a_quarter_of_its_deviation_in_units_of_the_scores_and_nothing_without_spread()
    {
        float[] scores = [1, 3, 1, 3];
        float[] residuals = [1.0f, 1.2f, 1.2f, 1.0f];
        var vote = ResidualVote.Of(scores, residuals);
        Assert.Equal(0.25f, vote.For(1.2f), 1e-4f);
        Assert.Equal(-0.25f, vote.For(1.0f), 1e-4f);
        Assert.Equal(ResidualVote.None, ResidualVote.Of(scores, [1, 1, 1, 1]));
        Assert.Equal(ResidualVote.None, ResidualVote.Of([1, 2, 3], [1, 2, 3]));
    }

    [Fact]
    public void Principal_components_are_orthonormal_and_strongest_first()
    {
        const int Width = 12;
        var random = new SeededRandom(8);
        var rows = new float[500 * Width];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (float)((random.Unit() - 0.5) * (1 + (i % Width)));
        }

        var pca = Pca.Fit(rows, Width, 5);
        var variances = new double[5];
        var points = pca.Project(rows);
        for (var i = 0; i < points.Length; i++)
        {
            variances[i % 5] += points[i] * points[i];
        }

        Assert.Equal(variances.OrderDescending(), variances);
        for (var a = 0; a < 5; a++)
        {
            for (var b = 0; b < 5; b++)
            {
                Assert.Equal(a == b ? 1f : 0f, Simd.Dot(pca.Rows.AsSpan(a * Width, Width), pca.Rows.AsSpan(b * Width, Width)), 1e-5f);
            }
        }
    }

    [Fact]
    public void Logistic_regression_finds_the_classes_and_weighs_the_rare_one_fully()
    {
        var random = new SeededRandom(9);
        var (rows, labels) = (new List<float[]>(), new List<int>());
        for (var i = 0; i < 330; i++)
        {
            var label = i < 300 ? 0 : i < 320 ? 1 : 2;
            rows.Add([(float)(random.Unit() + (label == 1 ? 1.2 : 0)), (float)(random.Unit() + (label == 2 ? 1.2 : 0)), (float)random.Unit()]);
            labels.Add(label);
        }

        var head = LogisticRegression.Fit(rows, labels, 3, 1e-3);
        var right = rows.Zip(labels, (r, l) => Array.IndexOf(head.Probabilities(r), head.Probabilities(r).Max()) == l).ToList();
        Assert.True(right.Count(r => r) >= 327, $"{right.Count(r => r)} of 330 right");
        Assert.Equal(1f, head.Probabilities(rows[0]).Sum(), 1e-5f);
    }

    private static double Distance(float[] rows, int width, int a, int b)
    {
        var sum = 0.0;
        for (var j = 0; j < width; j++)
        {
            var d = (double)rows[(a * width) + j] - rows[(b * width) + j];
            sum += d * d;
        }

        return sum;
    }
}
