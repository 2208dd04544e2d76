using Inspection.Learning.Datasets;
using Inspection.Protocol;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Evaluating;

/// <summary>Where an image's time went, in milliseconds on one core. Decoding and alignment are apart from what <c>ms_per_image</c> counts.</summary>
public sealed record ImageTimes(double Decode, double Align, double Prepare, double Session, double Verify)
{
    /// <summary>Preparation and coarse session.</summary>
    public double Counted => Prepare + Session;
}

/// <summary>What the product says about one test picture: the evidence, and the conclusion its own policy draws from it.</summary>
public sealed record EvaluatedImage
{
    public required DatasetItem Item { get; init; }

    public required ViewEvidence Evidence { get; init; }

    public required Conclusion Conclusion { get; init; }

    /// <summary>The policy's reason, or why the picture could not be judged.</summary>
    public required string Reason { get; init; }

    /// <summary>Named by the verifier; else empty.</summary>
    public string DefectClass { get; init; } = "";

    /// <summary>What the figures rank by: the coarse score, or with a verifier one score for both stages (rule 13); NaN where there is none.</summary>
    public required float Score { get; init; }

    /// <summary>What the coarse model alone would have said; null where it has no score.</summary>
    public Verdict? CoarseAlone { get; init; }

    public bool IsCandidate { get; init; }

    /// <summary>[MapHeight, MapWidth] of the coarse model; null where it did not run.</summary>
    public float[]? Map { get; init; }

    /// <summary>Where the map lies in the picture.</summary>
    public PreparedGeometry Geometry { get; init; }

    public ImageTimes? Times { get; init; }

    /// <summary>A score that can be ranked. The rates count every picture, the curves only these.</summary>
    public bool IsScored => float.IsFinite(Score);

    public bool IsBad => !Item.IsGood;
}
