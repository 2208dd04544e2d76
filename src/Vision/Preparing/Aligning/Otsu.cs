namespace Inspection.Vision.Preparing.Aligning;

/// <summary>N. Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9 (1979): the split with the greatest variance between classes.</summary>
internal static class Otsu
{
    /// <summary>Values at or below the threshold are dark. Contrast is the distance between the two classes' means; 0 where all are equal.</summary>
    public static (int Threshold, double Contrast) Split(ReadOnlySpan<int> histogram)
    {
        long count = 0, sum = 0;
        for (var i = 0; i < histogram.Length; i++)
        {
            count += histogram[i];
            sum += (long)i * histogram[i];
        }

        var (best, threshold, contrast) = (0.0, 0, 0.0);
        long below = 0, belowSum = 0;
        for (var i = 0; i < histogram.Length - 1; i++)
        {
            below += histogram[i];
            belowSum += (long)i * histogram[i];
            if (below == 0 || below == count)
            {
                continue;
            }

            var apart = ((double)(sum - belowSum) / (count - below)) - ((double)belowSum / below);
            var between = (double)below * (count - below) * apart * apart;
            if (between > best)
            {
                (best, threshold, contrast) = (between, i, apart);
            }
        }

        return (threshold, contrast);
    }
}
