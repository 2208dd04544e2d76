namespace Inspection.Learning.Statistics;

/// <summary>What a threshold does: everything at or above it is rejected (rule 5: a tie rejects).</summary>
public readonly record struct RocPoint(double Threshold, int FalseAlarms, int Hits);

/// <summary>
/// How well scores tell bad from good, at every attained threshold. Definitions: evaluation.md rules 5 to 7. A higher score is more anomalous.
/// </summary>
public sealed class RocCurve
{
    private readonly RocPoint[] _points;

    private RocCurve(RocPoint[] points, int good, int bad)
    {
        _points = points;
        Good = good;
        Bad = bad;
    }

    /// <summary>One per distinct score, from the highest threshold to the lowest.</summary>
    public IReadOnlyList<RocPoint> Points => _points;

    public int Good { get; }

    public int Bad { get; }

    /// <param name="scores">Finite scores.</param>
    /// <param name="bad">Which of them belong to bad parts; as many as scores.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a score is not finite.</exception>
    public static RocCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> bad)
    {
        if (scores.Count != bad.Count)
        {
            throw new ArgumentException($"{scores.Count} scores and {bad.Count} labels: one label a score is needed", nameof(bad));
        }

        var keys = new double[scores.Count];
        var labels = new bool[scores.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = double.IsFinite(scores[i]) ? -scores[i] : throw new ArgumentException($"score {i} is {scores[i]}: only finite scores can be ranked", nameof(scores));
            labels[i] = bad[i];
        }

        Array.Sort(keys, labels);
        List<RocPoint> points = [];
        var (falseAlarms, hits) = (0, 0);
        for (var i = 0; i < keys.Length; i++)
        {
            _ = labels[i] ? hits++ : falseAlarms++;
            if (i + 1 == keys.Length || keys[i + 1] != keys[i])
            {
                points.Add(new RocPoint(0 - keys[i], falseAlarms, hits));
            }
        }

        return new RocCurve([.. points], falseAlarms, hits);
    }

    /// <summary>
    /// The area under the curve: the probability that a bad part outscores a good one, a tie counting 1/2 (Mann-Whitney U / (n m)). Null without
    /// both kinds.
    /// </summary>
    public double? Auroc()
    {
        if (Good == 0 || Bad == 0)
        {
            return null;
        }

        // twice the area, in whole pairs: exact
        var twice = 0L;
        var before = default(RocPoint);
        foreach (var point in _points)
        {
            twice += (long)(point.FalseAlarms - before.FalseAlarms) * (point.Hits + before.Hits);
            before = point;
        }

        return twice / (2.0 * Good * Bad);
    }

    /// <summary>The sum of precision times gained recall over the attained thresholds (no interpolation). Null without both kinds.</summary>
    public double? AveragePrecision()
    {
        if (Good == 0 || Bad == 0)
        {
            return null;
        }

        var (sum, hits) = (0.0, 0);
        foreach (var point in _points)
        {
            sum += (double)(point.Hits - hits) / Bad * point.Hits / (point.Hits + point.FalseAlarms);
            hits = point.Hits;
        }

        return sum;
    }
}
