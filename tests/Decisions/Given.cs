using Inspection.Protocol;

namespace Inspection.Decisions.Tests;

/// <summary>The plant that the tests of this project speak of: one line, two stations, three cameras at the first and one at the second.</summary>
internal static class Given
{
    public static readonly LineId Line = new("line-1");
    public static readonly StationId Front = new("front");
    public static readonly StationId Back = new("back");
    public static readonly CameraId Top = new("top");
    public static readonly CameraId Left = new("left");
    public static readonly CameraId Right = new("right");
    public static readonly CameraId Foreign = new("foreign");
    public static readonly NodeId NodeA = new("node-a");
    public static readonly NodeId NodeB = new("node-b");

    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    public static readonly Digest CoarseModel = Digest.Of("coarse"u8);
    public static readonly Digest VerifierModel = Digest.Of("verifier"u8);
    public static readonly Digest OtherModel = Digest.Of("never approved"u8);

    public static readonly ModelPolicy Coarse = new()
    {
        ModelDigest = CoarseModel,
        Stage = ModelStage.Coarse,
        ThresholdsDigest = Digest.Of("t"u8),
        CalibrationDigest = Digest.Of("c"u8),
        Candidate = 1f,
        Reject = 2f,
        ClearLimit = 4f,
        OodLimit = 10f,
    };

    public static readonly ModelPolicy Verifier = new()
    {
        ModelDigest = VerifierModel,
        Stage = ModelStage.Verifier,
        ThresholdsDigest = Digest.Of("t2"u8),
        CalibrationDigest = Digest.Of("c2"u8),
        NgProbability = 0.75f,
        OkProbability = 0.25f,
    };

    public static readonly Recipe Recipe = new()
    {
        Name = "bolts",
        Views = [new(Front, Top), new(Front, Left), new(Front, Right), new(Back, Top)],
        DecisionDeadline = Deadline,
        HasVerifier = true,
        ByDefect = [new DefectDisposition("dent", Disposition.Rework)],
    };

    public static CameraId[] CamerasOf(StationId station) => station == Front ? [Top, Left, Right] : [Top];

    public static ModelPolicy? Approved(Digest model) => model == CoarseModel ? Coarse : model == VerifierModel ? Verifier : null;

    public static InferenceStamp Stamp(Digest model) => new()
    {
        ModelDigest = model,
        SignatureId = "",
        ThresholdsDigest = Digest.None,
        CalibrationDigest = Digest.None,
        PreparationVersion = "1",
        ImageDigest = Digest.None,
        RuntimeVersions = "none",
        Provider = "cpu",
        CpuClass = "x64",
    };

    /// <summary>A view that the coarse model scored; with candidates also one that the verifier saw.</summary>
    public static ViewEvidence View(CameraId camera, float score, params CandidateEvidence[] candidates) => new()
    {
        Camera = camera,
        Outcome = ViewOutcome.Scored,
        CoarseScore = score,
        OodScore = 1f,
        Coarse = Stamp(CoarseModel),
        Verifier = candidates.Length > 0 ? Stamp(VerifierModel) : null,
        Candidates = candidates.ToEquatableList(),
    };

    public static ViewEvidence Missing(CameraId camera, ViewOutcome outcome) => new() { Camera = camera, Outcome = outcome, Detail = "by test" };

    public static CandidateEvidence Candidate(float probability, bool verified = true, string defect = "dent") => new(new PixelBox(1, 2, 3, 4), 5f, verified, defect, probability);

    /// <summary>The evidence of one view, always the same for the same key and camera, of every kind in a mix.</summary>
    public static ViewEvidence EvidenceOf(TriggerKey key, CameraId camera)
    {
        var mix = (uint)((key.Epoch * 7919) + (key.Counter * 104729) + (camera.Value[0] * 31) + camera.Value.Length);
        mix ^= mix >> 7;
        return (mix % 16) switch
        {
            0 => View(camera, 1.5f, Candidate(0.9f)),
            1 => View(camera, 1.5f, Candidate(0.1f), Candidate(0.5f)),
            2 => View(camera, 1.5f, Candidate(float.NaN, verified: false)),
            3 => Missing(camera, ViewOutcome.Shed),
            4 => Missing(camera, ViewOutcome.Unreadable),
            5 => View(camera, 1.5f, Candidate(0.1f)),
            6 => View(camera, 5f, Candidate(0.1f)),
            _ => View(camera, 0.5f),
        };
    }
}
