namespace Inspection.Learning.Statistics;

/// <summary>What a figure rests on, and so whose groups must be many enough.</summary>
public enum Rests
{
    OnBoth = 1,
    OnGood = 2,
    OnBad = 3,
}

/// <summary>
/// Rule 15: seeded replicates of whole groups, in two strata (groups that hold a bad image, groups that hold none); 95 % percentile intervals.
/// One object serves every figure and every package of a test, so that all see the same replicates (paired).
/// </summary>
public sealed class GroupBootstrap
{
    public const int DefaultReplicates = 2000;
    public const int FewestGroups = 10;
    private const double Confidence = 0.95;

    private readonly int[][] _weights;
    private readonly int _goodGroups;
    private readonly int _badGroups;
    private readonly string _caveat;

    /// <param name="groups">The group of each image.</param>
    /// <param name="bad">Which images are bad.</param>
    /// <param name="groupsKnown">False marks every interval as optimistic: images may share a part that nobody told us of.</param>
    public GroupBootstrap(IReadOnlyList<string> groups, IReadOnlyList<bool> bad, bool groupsKnown, int seed = 1, int replicates = DefaultReplicates)
    {
        if (groups.Count != bad.Count)
        {
            throw new ArgumentException($"{groups.Count} groups and {bad.Count} labels: one of each an image is needed", nameof(bad));
        }

        var byGroup = Enumerable.Range(0, groups.Count).GroupBy(i => groups[i], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.ToArray()).ToArray();
        _goodGroups = byGroup.Count(g => g.Any(i => !bad[i]));
        _badGroups = byGroup.Count(g => g.Any(i => bad[i]));
        _caveat = groupsKnown ? "" : "optimistic: groups unknown, each image counted as independent";
        var strata = new[] { byGroup.Where(g => g.Any(i => bad[i])).ToArray(), [.. byGroup.Where(g => !g.Any(i => bad[i]))] };
        var random = new SeededRandom((ulong)seed);
        _weights = new int[replicates][];
        for (var r = 0; r < replicates; r++)
        {
            var weights = _weights[r] = new int[groups.Count];
            foreach (var stratum in strata)
            {
                for (var draw = 0; draw < stratum.Length; draw++)
                {
                    foreach (var i in stratum[random.Below(stratum.Length)])
                    {
                        weights[i]++;
                    }
                }
            }
        }
    }

    /// <summary>How often each image was drawn, one array a replicate.</summary>
    public IReadOnlyList<int[]> Replicates => _weights;

    /// <param name="figure">The figure from a weight an image (all 1: the test as it is); null where it cannot be had.</param>
    /// <param name="rests">Whose groups must be at least <see cref="FewestGroups"/>.</param>
    /// <param name="degenerate">A value at which resampling says nothing (an AUROC of 1, a rate of 0): reported as such, never as an interval.</param>
    public Interval Of(Func<int[], double?> figure, Rests rests, Func<double, bool> degenerate)
    {
        var groups = rests switch { Rests.OnGood => _goodGroups, Rests.OnBad => _badGroups, _ => Math.Min(_goodGroups, _badGroups) };
        var ones = new int[_weights.Length == 0 ? 0 : _weights[0].Length];
        Array.Fill(ones, 1);
        if (figure(ones) is not { } value)
        {
            return new Interval(null, null, null, groups, "no such images");
        }

        if (degenerate(value))
        {
            return new Interval(value, null, null, groups, $"degenerate: at its extreme on {groups} groups, so resampling cannot vary it");
        }

        if (groups < FewestGroups)
        {
            return new Interval(value, null, null, groups, $"too few: {groups} groups, fewer than {FewestGroups}");
        }

        var values = _weights.Select(figure).Where(v => v is not null).Select(v => v!.Value).ToArray();
        var (low, high) = Percentiles(values);
        return new Interval(value, low, high, groups, _caveat);
    }

    internal static (double Low, double High) Percentiles(double[] values)
    {
        Array.Sort(values);
        return (Quantile(values, (1 - Confidence) / 2), Quantile(values, (1 + Confidence) / 2));
    }

    // linear between order statistics (Hyndman and Fan, type 7: what NumPy does)
    private static double Quantile(double[] ascending, double p)
    {
        var at = p * (ascending.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + ((at - below) * (ascending[above] - ascending[below]));
    }
}
