namespace Inspection.Protocol.Tests;

/// <summary>
/// The events behind contract/golden.records, frozen on the day their record was written: fields that are added later keep their
/// defaults here. New kinds of events are added at the end; nothing is changed.
/// </summary>
internal static class GoldenEvents
{
    public static readonly LineId Line = new("golden-line");

    private static readonly StationId _station = new("station-1");
    private static readonly CameraId _top = new("top");
    private static readonly CameraId _side = new("side");
    private static readonly TriggerKey _key = new(Line, _station, 3, 17);

    private static readonly InferenceStamp _coarse = new()
    {
        ModelDigest = Digest.Of("coarse"u8),
        SignatureId = "c74f20a3",
        ThresholdsDigest = Digest.Of("thresholds"u8),
        CalibrationDigest = Digest.Of("calibration"u8),
        PreparationVersion = "prep-1",
        ImageDigest = Digest.Of("program"u8),
        RuntimeVersions = "onnxruntime 1.31.1; .NET 10.0.12",
        Provider = "cpu",
        CpuClass = "x64 avx512-vnni",
    };

    public static IReadOnlyList<ILineEvent> All { get; } =
    [
        new RecipeActivated(638_000_000_000_000_001, new Recipe
        {
            Name = "tile",
            Views = [new RequiredView(_station, _top), new RequiredView(_station, _side)],
            DecisionDeadline = TimeSpan.FromMilliseconds(800),
            HasVerifier = true,
            OnNg = Disposition.Rework,
            OnReview = Disposition.Hold,
            OnFallback = Disposition.Scrap,
            ByDefect = [new DefectDisposition("crack", Disposition.Scrap)],
        }, "anna", "first recipe"),
        new ModelActivated(638_000_000_000_000_002, new ModelPolicy
        {
            ModelDigest = Digest.Of("coarse"u8),
            Stage = ModelStage.Coarse,
            ThresholdsDigest = Digest.Of("thresholds"u8),
            CalibrationDigest = Digest.Of("calibration"u8),
            Candidate = 0.25f,
            Reject = 0.5f,
            ClearLimit = 0.875f,
            OodLimit = float.PositiveInfinity,
            Tolerance = 0.001f,
            NgProbability = 0.75f,
            OkProbability = 0.125f,
        }, "tile-coarse", "{\"name\": \"tile-coarse\"}", "c74f20a3", "self-approved", "anna", "first model"),
        new EpochGranted(638_000_000_000_000_003, _station, 3, new NodeId("node-1"), "incarnation-1"),
        new TriggersSeen(638_000_000_000_000_004, _station, 3, 17, ["good/0001.png", "crack/Ä.png"]),
        new PartConcluded
        {
            UtcTicks = 638_000_000_000_000_005,
            Key = _key,
            ExternalId = "crack/Ä.png",
            RecipeName = "tile",
            Views =
            [
                new ViewEvidence
                {
                    Camera = _top,
                    Outcome = ViewOutcome.Scored,
                    ExposureUtcTicks = 638_000_000_000_000_000,
                    DeviceCounter = 99,
                    TensorDigest = Digest.Of("tensor"u8),
                    FrameDigest = Digest.Of("frame"u8),
                    CoarseScore = 0.7f,
                    OodScore = BitConverter.UInt32BitsToSingle(0x7FC0_1234),
                    Coarse = _coarse,
                    Verifier = _coarse with { ModelDigest = Digest.Of("verifier"u8), Provider = "cuda" },
                    Candidates = [new CandidateEvidence(new PixelBox(-1, 2, 3, 4), 0.7f, true, "crack", 0.9f), new CandidateEvidence(new PixelBox(5, 6, 7, 8), 0.6f, false, "", float.NaN)],
                },
                new ViewEvidence { Camera = _side, Outcome = ViewOutcome.NotInspectable, Detail = "too dark", Coarse = _coarse },
            ],
            Conclusion = Conclusion.Decided(Verdict.Ng),
            Reason = "top: verifier: crack",
            Disposition = Disposition.Scrap,
            DefectClass = "crack",
            NearMissMargin = 0.2f,
            Deadline = TimeSpan.FromMilliseconds(800),
            Elapsed = TimeSpan.FromTicks(123_456),
            WriterEpoch = "writer-1",
        },
        new PartsFellBack(638_000_000_000_000_006, _station, 3, 18, 20, FallbackReason.Shed, "ring full"),
        new GateActed(638_000_000_000_000_007, _station, 3, 1, 10, [0b1010_0101, 0b10]),
        new PartReviewed(638_000_000_000_000_008, _key, Conclusion.FellBack(FallbackReason.Unreadable), Verdict.Review, "ben", "looked at it"),
        new LateEvidence(638_000_000_000_000_009, _key, _side, ViewOutcome.Shed, -0.5f),
        new EpochEnded(638_000_000_000_000_010, _station, 3, 20, EpochTail.Unknown, "lease expired"),
        new JournalRestored(638_000_000_000_000_011, 1_790_000_000_000_000, 638_000_000_000_000_000, Digest.Of("backup"u8), "anna@node-1"),
        new LogKeyChanged(638_000_000_000_000_012, "plant.example/log+00000000+AQ=="),
        new LogExtended(638_000_000_000_000_013, 41, new LogExtent[] { new(Line, 7, 9, Digest.Of("head"u8)), new(new LineId("other"), 1, 1, Digest.Of("first"u8)) }.ToEquatableList()),
        new LogSigned(638_000_000_000_000_014, 43, "plant.example/log\n43\n"),
        new FrameErased(638_000_000_000_000_015, _key, _top, Digest.Of("frame"u8), "carla", "a person is in the picture"),
        new InterlockChanged(638_000_000_000_000_016, _station, 2, "dora", "the lamp was replaced"),
    ];
}
