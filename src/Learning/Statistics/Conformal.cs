namespace Inspection.Learning.Statistics;

/// <summary>How much of future good parts a calibrated threshold covers: Beta(K, N + 1 - K) over the draw of the calibration set.</summary>
public sealed record CoverageLaw(int N, int K, double Mean, double Q05, double Q95);

/// <summary>Split-conformal p-values over held-out good scores (rules 5, 8 and 9 of evaluation.md; Vovk, Gammerman, Shafer 2005).</summary>
public static class Conformal
{
    /// <summary>p = (1 + #{calibration &gt;= score}) / (n + 1), never randomised. Calibration is ascending.</summary>
    public static double PValue(ReadOnlySpan<double> ascending, double score)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            _ = ascending[middle] < score ? low = middle + 1 : high = middle;
        }

        return (1.0 + ascending.Length - low) / (ascending.Length + 1);
    }

    /// <summary>
    /// The threshold whose overkill rate on exchangeable good parts is at most <paramref name="rate"/>: rejecting s &gt;= t must mean p &lt;= rate, so t
    /// lies just above the k-th smallest calibration score, k = ceil((n + 1)(1 - rate)).
    /// </summary>
    /// <exception cref="ArgumentException">Too few calibration units for this rate: the smallest p is 1 / (n + 1).</exception>
    public static float Threshold(ReadOnlySpan<float> ascending, double rate)
    {
        var k = Rank(ascending.Length, rate);
        return k <= ascending.Length
            ? MathF.BitIncrement(ascending[k - 1])
            : throw new ArgumentException(
                $"{ascending.Length} calibration scores cannot set a rate of {rate:P1}: {UnitsNeeded(rate)} are needed; the least that can be had is {1.0 / (ascending.Length + 1):P1}");
    }

    /// <summary>How many independent units a rate needs: the least n with 1 / (n + 1) &lt;= rate (1 %: 99).</summary>
    public static int UnitsNeeded(double rate) => (int)Math.Ceiling((1 / rate) - 1 - 1e-9);

    /// <summary>Rule 9: the coverage of a threshold calibrated on n at level alpha, k = ceil((n + 1)(1 - alpha)).</summary>
    public static CoverageLaw Coverage(int n, double alpha)
    {
        var k = Rank(n, alpha);
        if (k > n)
        {
            throw new ArgumentException($"{n} calibration units cannot set a level of {alpha}: {UnitsNeeded(alpha)} are needed", nameof(n));
        }

        return new CoverageLaw(n, k, (double)k / (n + 1), BinomialBounds.BetaQuantile(k, n + 1 - k, 0.05), BinomialBounds.BetaQuantile(k, n + 1 - k, 0.95));
    }

    private static int Rank(int n, double rate) => (int)Math.Ceiling(((n + 1) * (1 - rate)) - 1e-9);
}
