namespace Inspection.Learning.Statistics;

/// <summary>AUROC of one score list under many weightings, sorted once: what a bootstrap replicate costs is one pass.</summary>
public sealed class WeightedAuroc
{
    private readonly int[] _order;
    private readonly double[] _scores;
    private readonly bool[] _bad;

    public WeightedAuroc(IReadOnlyList<double> scores, IReadOnlyList<bool> bad)
    {
        (_scores, _bad) = ([.. scores], [.. bad]);
        _order = [.. Enumerable.Range(0, _scores.Length).OrderBy(i => _scores[i])];
    }

    /// <summary>With each image counted as often as its weight says; null where one kind is missing.</summary>
    public double? Of(int[] weights)
    {
        long twice = 0, goodBelow = 0, bad = 0;
        for (var i = 0; i < _order.Length;)
        {
            long goodHere = 0, badHere = 0;
            var score = _scores[_order[i]];
            for (; i < _order.Length && _scores[_order[i]] == score; i++)
            {
                var image = _order[i];
                _ = _bad[image] ? badHere += weights[image] : goodHere += weights[image];
            }

            twice += badHere * ((2 * goodBelow) + goodHere);
            goodBelow += goodHere;
            bad += badHere;
        }

        return goodBelow == 0 || bad == 0 ? null : twice / (2.0 * goodBelow * bad);
    }
}
