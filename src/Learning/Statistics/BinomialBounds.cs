using MathNet.Numerics;

namespace Inspection.Learning.Statistics;

/// <summary>Exact bounds on rates, and what a number of defects can certify (rules 9 and 10 of evaluation.md).</summary>
public static class BinomialBounds
{
    // a double has 53 bits of fraction: more halvings of [0, 1] than this change nothing near 0
    private const int Halvings = 1100;

    /// <summary>
    /// One-sided upper Clopper-Pearson bound (Biometrika 26, 1934): the rate at which <paramref name="misses"/> or fewer of n would be seen with
    /// probability 1 - confidence.
    /// </summary>
    public static double Upper(int n, int misses, double confidence)
    {
        Check(n, misses, confidence);
        return misses == n ? 1 : misses == 0 ? CertifiableRate(n, 1 - confidence) : BetaQuantile(misses + 1, n - misses, confidence);
    }

    /// <summary>One-sided lower Clopper-Pearson bound.</summary>
    public static double Lower(int n, int misses, double confidence)
    {
        Check(n, misses, confidence);
        return misses == 0 ? 0 : 1 - Upper(n, n - misses, confidence);
    }

    /// <summary>The two-sided interval: half of what is left on either side.</summary>
    public static (double Low, double High) TwoSided(int n, int misses, double confidence)
    {
        var oneSided = 1 - ((1 - confidence) / 2);
        return (Lower(n, misses, oneSided), Upper(n, misses, oneSided));
    }

    /// <summary>
    /// What zero misses among n independent defects certify at confidence 1 - d: the rate 1 - d^(1/n) (100 defects at 95 %: 3.0 %).
    /// </summary>
    public static double CertifiableRate(int n, double d)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        return -Math.Exp(Math.Log(d) / n) + 1;
    }

    /// <summary>Quantile of Beta(a, b), by bisection of the regularised incomplete beta function.</summary>
    public static double BetaQuantile(double a, double b, double probability)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                break;
            }

            _ = SpecialFunctions.BetaRegularized(a, b, middle) < probability ? low = middle : high = middle;
        }

        return high;
    }

    private static void Check(int n, int misses, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        ArgumentOutOfRangeException.ThrowIfNegative(misses);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(misses, n);
        if (confidence is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "a confidence lies between 0 and 1, both excluded");
        }
    }
}
