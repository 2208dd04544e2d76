namespace Inspection.Protocol;

/// <summary>How one view ended at the sensor node.</summary>
public enum ViewOutcome
{
    /// <summary>A coarse score was computed.</summary>
    Scored = 1,

    /// <summary>The image could not be decoded.</summary>
    Unreadable = 2,

    /// <summary>Decoded, but the sentinel or the score says that it cannot be judged (rule S7).</summary>
    NotInspectable = 3,

    /// <summary>Given up for want of time or room (rules S2, W7).</summary>
    Shed = 4,

    /// <summary>The camera delivered no frame for the trigger (rule S5).</summary>
    LostAtSource = 5,

    /// <summary>No worker holds an approved model for it.</summary>
    NoModel = 6,
}

/// <summary>A rectangle in pixels of the original frame.</summary>
public readonly record struct PixelBox(int X, int Y, int Width, int Height);

/// <summary>
/// What a verifier said about one candidate region (rule W6). <see cref="DefectProbability"/> is 1 less the probability of class "good",
/// as raw float; <see cref="Verified"/> is false where no verifier answered in time, and then score and class mean nothing.
/// </summary>
public sealed record CandidateEvidence(PixelBox Box, float PeakScore, bool Verified, string DefectClass, float DefectProbability);

/// <summary>Everything that tells which computation made a score (rule J5). Shared by all frames of one worker session.</summary>
public sealed record InferenceStamp
{
    public required Digest ModelDigest { get; init; }

    /// <summary>Key id of the package's signature, hexadecimal; empty where the package is unsigned.</summary>
    public required string SignatureId { get; init; }

    public required Digest ThresholdsDigest { get; init; }

    public required Digest CalibrationDigest { get; init; }

    public required string PreparationVersion { get; init; }

    /// <summary>Digest of the running software (the container image, or the program's own assembly).</summary>
    public required Digest ImageDigest { get; init; }

    /// <summary>For instance "onnxruntime 1.31.1; .NET 10.0.12".</summary>
    public required string RuntimeVersions { get; init; }

    /// <summary>cpu, cuda or tensorrt; simulated where nothing was computed.</summary>
    public required string Provider { get; init; }

    /// <summary>For instance "x64 avx512-vnni": inference is bit-exact within one class (promise P6).</summary>
    public required string CpuClass { get; init; }
}

/// <summary>One view's result: what a camera session tells its line supervisor, and what PartConcluded keeps for replay.</summary>
public sealed record ViewEvidence
{
    public required CameraId Camera { get; init; }

    public required ViewOutcome Outcome { get; init; }

    /// <summary>Why, in words, where the outcome is not Scored; else empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Exposure time, UTC, 100 ns ticks as DateTime.Ticks.</summary>
    public long ExposureUtcTicks { get; init; }

    /// <summary>The device's own frame counter, for information; never part of a key.</summary>
    public long DeviceCounter { get; init; }

    /// <summary>SHA-256 of the uint8 tensor the model saw.</summary>
    public Digest TensorDigest { get; init; }

    /// <summary>Salted SHA-256 over the masked raw pixels of the archived frame; none where no frame is kept (rule J10).</summary>
    public Digest FrameDigest { get; init; }

    /// <summary>The frame was drawn for the archive's sample: it is kept whatever the verdict (rule J10).</summary>
    public bool FrameSampled { get; init; }

    /// <summary>Raw IEEE-754 coarse anomaly score; NaN where there is none.</summary>
    public float CoarseScore { get; init; } = float.NaN;

    /// <summary>Out-of-distribution score (PCA residual); NaN where there is none.</summary>
    public float OodScore { get; init; } = float.NaN;

    /// <summary>The coarse model's stamp; null where no model ran.</summary>
    public InferenceStamp? Coarse { get; init; }

    /// <summary>The verifier's stamp; null where none ran.</summary>
    public InferenceStamp? Verifier { get; init; }

    /// <summary>Candidate regions, in order of falling peak score; empty where the view is no candidate.</summary>
    public EquatableList<CandidateEvidence> Candidates { get; init; } = [];
}
