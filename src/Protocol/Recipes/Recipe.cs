namespace Inspection.Protocol;

/// <summary>One camera a part must be seen by.</summary>
public readonly record struct RequiredView(StationId Station, CameraId Camera);

/// <summary>The disposition of parts of one defect class, before the general rule for NG.</summary>
public readonly record struct DefectDisposition(string DefectClass, Disposition Disposition);

/// <summary>What a line's product needs, as the supervisor enforces it: views, deadline and what happens to the part.</summary>
public sealed record Recipe
{
    public required string Name { get; init; }

    public required EquatableList<RequiredView> Views { get; init; }

    /// <summary>From the trigger's stamp to the decision; after it the part falls back (rule V2).</summary>
    public required TimeSpan DecisionDeadline { get; init; }

    /// <summary>Whether candidates need a verifier (then an unverified candidate is never OK, rule W7).</summary>
    public required bool HasVerifier { get; init; }

    public Disposition OnNg { get; init; } = Disposition.Scrap;

    public Disposition OnReview { get; init; } = Disposition.Hold;

    public Disposition OnFallback { get; init; } = Disposition.Hold;

    public EquatableList<DefectDisposition> ByDefect { get; init; } = [];
}

public enum ModelStage
{
    Coarse = 1,
    Verifier = 2,
}

/// <summary>
/// From scores to verdicts for one model: the thresholds of its package. A score at or above a threshold is not OK (a tie rejects).
/// All values are raw floats, as the scores are, so that a replay compares the same bits.
/// </summary>
public sealed record ModelPolicy
{
    public required Digest ModelDigest { get; init; }

    public required ModelStage Stage { get; init; }

    public required Digest ThresholdsDigest { get; init; }

    public required Digest CalibrationDigest { get; init; }

    /// <summary>Coarse: at or above it the view is a candidate and goes to the verifier.</summary>
    public float Candidate { get; init; }

    /// <summary>Coarse: at or above it the view is NG where there is no verifier; what "the coarse model alone" says.</summary>
    public float Reject { get; init; }

    /// <summary>Coarse: a verifier clears only candidates below it; at or above, a cleared candidate is Review.</summary>
    public float ClearLimit { get; init; } = float.PositiveInfinity;

    /// <summary>Coarse: at or above it the image is out of distribution: Review.</summary>
    public float OodLimit { get; init; } = float.PositiveInfinity;

    /// <summary>Coarse: scores this close to a threshold differ between machines (promise P6) and are treated as in doubt.</summary>
    public float Tolerance { get; init; }

    /// <summary>Verifier: a defect probability at or above it is NG.</summary>
    public float NgProbability { get; init; } = 0.5f;

    /// <summary>Verifier: a defect probability below it clears the candidate; between the two it is Review.</summary>
    public float OkProbability { get; init; } = 0.5f;
}
