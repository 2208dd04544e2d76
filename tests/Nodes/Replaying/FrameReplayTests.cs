using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Replaying;
using Inspection.Vision.Archive;
using Inspection.Vision.Cameras.Synthetic;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Xunit;

namespace Inspection.Nodes.Tests.Replaying;

/// <summary>Levels R1 and R2 on a frame with real models: what differs is said as what it is.</summary>
[Collection(FittedModelsCollection.Name)]
public sealed class FrameReplayTests : IDisposable
{
    private static readonly LineId _line = new("line");
    private static readonly CameraId _camera = new("c1");
    private static readonly StationId _station = new("s1");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-replay-");
    private readonly FittedModels _fitted;
    private readonly FrameArchive _archive;
    private readonly ModelPackage _coarse;
    private readonly ViewEvidence _recorded;

    public FrameReplayTests(FittedModels fitted)
    {
        _fitted = fitted;
        _archive = new FrameArchive(_folder.FullName);
        _coarse = ModelPackage.Load(fitted.Coarse, new PackageLoadOptions { RequireSignature = false });
        var frame = Frame();
        _archive.Write(frame.Digest, frame.ToFile());
        var stamp = Stamps.Of(_coarse, new InferenceOptions());
        using var inference = new FrameInference([fitted.Coarse]);
        _recorded = inference.Run(frame, new ViewEvidence { Camera = _camera, Outcome = ViewOutcome.Scored, Coarse = stamp }, null, static _ => null, out var missing)!.Evidence with { FrameDigest = frame.Digest };
        Assert.Equal("", missing);
        Assert.True(float.IsFinite(_recorded.CoarseScore) && _recorded.CoarseScore > 0);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_same_bits_are_identical_at_both_levels()
    {
        foreach (var level in (string[])[FrameReplayReport.R1, FrameReplayReport.R2])
        {
            var report = Run(level, _recorded);
            Assert.True(report.IsGood, report.ToJson());
            Assert.Equal((1, 0, 0, 0), (report.Identical, report.WithinBand, report.Beyond, report.Flipped));
        }
    }

    [Fact]
    public void One_bit_is_a_difference_for_R1_and_lies_within_the_band_for_R2()
    {
        var view = _recorded with { CoarseScore = MathF.BitIncrement(_recorded.CoarseScore) };
        Assert.False(Run(FrameReplayReport.R1, view).IsGood);
        var report = Run(FrameReplayReport.R2, view);
        Assert.True(report.IsGood, report.ToJson());
        Assert.Equal((0, 1, 0, 0), (report.Identical, report.WithinBand, report.Beyond, report.Flipped));
        Assert.Contains("coarse score", Assert.Single(report.Differences).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_that_moved_further_is_beyond_the_band_and_one_that_changes_the_verdict_is_flipped()
    {
        var beyond = Run(FrameReplayReport.R2, _recorded with { OodScore = _recorded.OodScore + (3 * _coarse.Policy.Tolerance) + 1e-6f });
        Assert.Equal((0, 0, 1, 0, false), (beyond.Identical, beyond.WithinBand, beyond.Beyond, beyond.Flipped, beyond.IsGood));
        var flipped = Run(FrameReplayReport.R2, _recorded with { CoarseScore = _coarse.Policy.Reject + 1 }, Conclusion.Decided(Verdict.Ng));
        Assert.Equal((1, false), (flipped.Flipped, flipped.IsGood));
    }

    [Fact]
    public void Another_CPU_class_is_no_matter_of_R1_and_compared_by_R2()
    {
        var view = _recorded with { Coarse = _recorded.Coarse! with { CpuClass = "arm64" } };
        var report = Run(FrameReplayReport.R1, view);
        Assert.Equal((0, 1, false), (report.Compared, report.OtherMachine, report.IsGood));
        Assert.True(Run(FrameReplayReport.R2, view).IsGood);
    }

    [Fact]
    public void Frames_that_were_not_kept_erased_or_missing_are_counted_apart()
    {
        var notKept = Run(FrameReplayReport.R1, _recorded with { FrameDigest = Digest.None });
        Assert.Equal((0, 1, 0, 0, false), (notKept.Compared, notKept.NotKept, notKept.Erased, notKept.Findings.Count, notKept.IsGood));

        var erased = Run(FrameReplayReport.R1, _recorded, more: new FrameErased(9, Key, _camera, _recorded.FrameDigest, "carla", "a person"));
        Assert.Equal((0, 0, 1, 0), (erased.Compared, erased.NotKept, erased.Erased, erased.Findings.Count));

        _ = _archive.Erase(_recorded.FrameDigest);
        Assert.Contains("is missing", Assert.Single(Run(FrameReplayReport.R1, _recorded).Findings).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_very_package_nothing_is_computed()
    {
        var other = _recorded with { Coarse = _recorded.Coarse! with { ThresholdsDigest = Digest.Of("other"u8) } };
        Assert.Contains("no package given has coarse model", Assert.Single(Run(FrameReplayReport.R1, other).Findings).What, StringComparison.Ordinal);
    }

    private static TriggerKey Key => new(_line, _station, 1, 1);

    private FrameReplayReport Run(string level, ViewEvidence view, Conclusion? conclusion = null, ILineEvent? more = null)
    {
        var recipe = new Recipe { Name = "drawn", Views = [new RequiredView(_station, _camera)], DecisionDeadline = TimeSpan.FromSeconds(1), HasVerifier = false };
        var policies = new Dictionary<Digest, ModelPolicy> { [_coarse.Policy.ModelDigest] = _coarse.Policy };
        var part = new PartConcluded
        {
            UtcTicks = 5,
            Key = Key,
            ExternalId = "p",
            RecipeName = recipe.Name,
            Views = [view],
            Conclusion = conclusion ?? Decisions.Policy.PartPolicy.Judge(recipe, _station, [view], policies.GetValueOrDefault).Conclusion,
            Reason = "",
            Disposition = Disposition.Pass,
            Deadline = recipe.DecisionDeadline,
            Elapsed = TimeSpan.Zero,
            WriterEpoch = "w",
        };
        ILineEvent[] events =
        [
            new RecipeActivated(1, recipe, "t", "t"),
            new ModelActivated(2, _coarse.Policy, "small", _coarse.ManifestText, "", ModelActivated.SelfApproved, "t", "t"),
            new EpochGranted(3, _station, 1, new NodeId("n"), "i"),
            new TriggersSeen(4, _station, 1, 1, ["p"]),
            part,
        ];
        using var journal = new MemoryJournal(_line, more is null ? events : [.. events, more]);
        using var inference = new FrameInference([_fitted.Coarse]);
        return new FrameReplay(level, _archive, inference).Run(journal);
    }

    private static ArchivedFrame Frame()
    {
        using var ring = new FrameRing(1, FittedModels.Side * FittedModels.Side * 3, 16);
        _ = ring.TryRent(out var slot);
        using var camera = new SyntheticCamera(new SyntheticLine(new SyntheticOptions { Width = FittedModels.Side, Height = FittedModels.Side, Seed = 5 }), 0);
        _ = camera.Capture("part-00000003", slot);
        return new ArchivedFrame(slot.Width, slot.Height, slot.Channels, new byte[ArchivedFrame.SaltLength], slot.Pixels.ToArray());
    }
}
