namespace Inspection.Vision.Preparing.Aligning;

/// <summary>The constants of alignment; they belong to the preparation version, so they are not settings.</summary>
internal static class AlignmentConstants
{
    /// <summary>Side of the copy on which the part is found: one pixel of a 1024 frame is then a quarter, finer than the outline is known.</summary>
    public const int FindSide = 256;

    /// <summary>Part and background differ by at least this many grey levels on average, or there is no part.</summary>
    public const double MinContrast = 14;

    /// <summary>Of the copy's area: smaller blobs are dirt.</summary>
    public const double MinArea = 0.002;

    /// <summary>Ratio of the standard deviations along and across the axis: below, a part is round to the eye and its axis is noise.</summary>
    public const double MinElongation = 1.1;

    /// <summary>Of length and breadth, on each side: the outline itself must be in the picture.</summary>
    public const double Margin = 0.04;

    /// <summary>Samples a tensor pixel and axis are at most this many: enough for 8192 pixels of part on 1024 of tensor.</summary>
    public const int MaxSupersample = 8;
}
