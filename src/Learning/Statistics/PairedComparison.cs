namespace Inspection.Learning.Statistics;

/// <summary>Two packages on the same images: the difference of a figure (second less first) on the same resampled groups (rule 15).</summary>
/// <param name="P">Two-sided bootstrap p-value, (1 + replicates on the other side of 0) / (replicates + 1), doubled; null where there is no interval.</param>
public sealed record PairedComparison(Interval Difference, double? P)
{
    public static PairedComparison OfAuroc(GroupBootstrap bootstrap, IReadOnlyList<bool> bad, IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != bad.Count || second.Count != bad.Count)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} scores for {bad.Count} images: a paired comparison needs the same images in both");
        }

        var (a, b) = (new WeightedAuroc(first, bad), new WeightedAuroc(second, bad));
        double? Difference(int[] weights) => b.Of(weights) - a.Of(weights);
        var interval = bootstrap.Of(Difference, Rests.OnBoth, _ => false);
        if (interval.Low is null)
        {
            return new PairedComparison(interval, null);
        }

        var values = bootstrap.Replicates.Select(Difference).Where(d => d is not null).ToArray();
        var fewer = Math.Min(values.Count(d => d <= 0), values.Count(d => d >= 0));
        return new PairedComparison(interval, Math.Min(1, 2.0 * (1 + fewer) / (values.Length + 1)));
    }

    /// <summary>Holm's step-down adjustment (Scand. J. Statist. 6, 1979) of p-values, in their own order.</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        var adjusted = new double[p.Count];
        var running = 0.0;
        foreach (var (index, rank) in Enumerable.Range(0, p.Count).OrderBy(i => p[i]).Select((index, rank) => (index, rank)))
        {
            running = Math.Max(running, Math.Min(1, (p.Count - rank) * p[index]));
            adjusted[index] = running;
        }

        return adjusted;
    }
}
