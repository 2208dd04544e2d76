namespace Inspection.Learning.Statistics;

/// <summary>
/// An oracle figure: what could be had if the threshold were chosen on the test itself (rule 7). No promise rests on it.
/// </summary>
/// <param name="Threshold">The smallest attained score with few enough false alarms; null: nothing is rejected.</param>
public sealed record OracleEscape(double AllowedOverkill, double? Threshold, double EscapeRate, int FalseAlarms, int Good, int Bad);

/// <param name="Limiting">Indices of the bad images with the lowest score: they alone set the figure.</param>
public sealed record OracleOverkill(double Threshold, double OverkillRate, int FalseAlarms, IReadOnlyList<int> Limiting);

public static class OracleRates
{
    // keeps 0.29 * 100 = 28.999999999999996 from losing an allowed false alarm
    private const double RoundingSlack = 1e-9;

    /// <summary>Escape rate at the smallest attained threshold with false alarms &lt;= floor(overkill * n_good); null without both kinds.</summary>
    public static OracleEscape? EscapeAt(RocCurve curve, double overkill)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(overkill);
        if (curve.Good == 0 || curve.Bad == 0)
        {
            return null;
        }

        var allowed = (int)Math.Floor((overkill * curve.Good) + RoundingSlack);
        var best = curve.Points.TakeWhile(p => p.FalseAlarms <= allowed).Cast<RocPoint?>().LastOrDefault();
        return new OracleEscape(overkill, best?.Threshold, 1 - ((double)(best?.Hits ?? 0) / curve.Bad), best?.FalseAlarms ?? 0, curve.Good, curve.Bad);
    }

    /// <summary>Overkill rate at the highest threshold that lets no bad image pass; null without both kinds.</summary>
    public static OracleOverkill? OverkillAtZeroEscapes(IReadOnlyList<double> scores, IReadOnlyList<bool> bad)
    {
        var good = bad.Count(b => !b);
        if (good == 0 || good == bad.Count)
        {
            return null;
        }

        var threshold = Enumerable.Range(0, scores.Count).Where(i => bad[i]).Min(i => scores[i]);
        var alarms = Enumerable.Range(0, scores.Count).Count(i => !bad[i] && scores[i] >= threshold);
        var limiting = Enumerable.Range(0, scores.Count).Where(i => bad[i] && scores[i] == threshold);
        return new OracleOverkill(threshold, (double)alarms / good, alarms, [.. limiting]);
    }
}
