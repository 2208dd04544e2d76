using System.Diagnostics;
using Inspection.Decisions.Policy;
using Inspection.Learning.Datasets;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Learning.Evaluating;

/// <summary>
/// One picture through the product's own parts, one after the other on one thread: decoder, preparation, sessions, evidence, policy.
/// </summary>
internal sealed class ImageInspector : IDisposable
{
    private static readonly CameraId Camera = new("evaluation");

    private readonly LineModels _models;
    private readonly FolderCamera _camera;
    private readonly FrameRing _ring;
    private readonly FrameSlot _slot;
    private readonly Sentinel _sentinel = new(new SentinelOptions());
    private readonly Preparer _preparer;
    private readonly Preparer? _unaligned;
    private readonly ICoarseSession _coarse;
    private readonly IVerifierSession? _verifier;
    private readonly FrameTicket _ticket = new();

    /// <param name="folder">The data set's folder.</param>
    /// <param name="pixelCapacity">Bytes of the largest decoded picture.</param>
    public ImageInspector(LineModels models, string folder, int pixelCapacity)
    {
        _models = models;
        _camera = new FolderCamera(folder);
        var preparation = models.Coarse.Manifest.Preparation;
        _preparer = new Preparer(preparation);
        _unaligned = preparation.Alignment == Alignment.None ? null : new Preparer(preparation with { Alignment = Alignment.None });
        _ring = new FrameRing(1, pixelCapacity, preparation.TensorLength);
        _ = _ring.TryRent(out _slot);
        _coarse = models.Coarse.Open();
        _verifier = models.Verifier?.Open();
    }

    public EvaluatedImage Inspect(DatasetItem item)
    {
        _ticket.Begin(default, item.Path, TimeSpan.MaxValue, 0, _models);
        _ticket.Slot = _slot;
        var started = Stopwatch.GetTimestamp();
        var capture = _camera.Capture(item.Path, _slot);
        var decode = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        float[]? map = null;
        ImageTimes? times = null;
        if (capture.Status != CaptureStatus.Captured)
        {
            _ticket.EndWith(capture.Status == CaptureStatus.Lost ? ViewOutcome.LostAtSource : ViewOutcome.Unreadable, capture.Detail);
        }
        else
        {
            // the line would not ask the model about a frame that fails the sentinel; here its score is wanted for the curves all the same
            var sentinel = _sentinel.Check(_slot);
            times = Look(decode);
            map = _coarse.AnomalyMap.ToArray();
            if (!sentinel.IsInspectable)
            {
                _ticket.EndWith(ViewOutcome.NotInspectable, sentinel.Detail);
            }
        }

        var evidence = _ticket.ToEvidence(Camera);
        var judgement = ViewPolicy.Judge(evidence, _models.Verifier is not null, PolicyOf);
        var policy = _models.Coarse.Policy;
        var scored = float.IsFinite(evidence.CoarseScore);
        var candidate = scored && ViewPolicy.IsCandidate(evidence.CoarseScore, policy);
        return new EvaluatedImage
        {
            Item = item,
            Evidence = evidence,
            Conclusion = judgement.Conclusion,
            Reason = judgement.Reason,
            DefectClass = judgement.DefectClass,
            Score = _models.Verifier is null ? evidence.CoarseScore : TwoStageScore.Of(evidence, policy),
            CoarseAlone = scored ? ViewPolicy.CoarseAlone(evidence.CoarseScore, policy) : null,
            IsCandidate = candidate,
            Map = map,
            Geometry = _slot.Geometry,
            Times = times,
        };
    }

    public void Dispose()
    {
        _verifier?.Dispose();
        _coarse.Dispose();
        _slot.Release();
        _ring.Dispose();
        _camera.Dispose();
    }

    // what the alignment costs more than the plain pass is kept apart: the plain pass is measured for that, then overwritten
    private ImageTimes Look(double decode)
    {
        var plain = 0.0;
        if (_unaligned is not null)
        {
            var before = Stopwatch.GetTimestamp();
            _ = _unaligned.Run(_slot);
            plain = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }

        var started = Stopwatch.GetTimestamp();
        _ = _preparer.Run(_slot);
        var prepare = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var align = _unaligned is null ? 0 : Math.Max(0, prepare - plain);
        started = Stopwatch.GetTimestamp();
        var result = _coarse.Run(_slot);
        var session = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        _ticket.Score(result.Score, result.Ood, _coarse.Stamp);
        started = Stopwatch.GetTimestamp();
        Verify(result.Score);
        return new ImageTimes(decode, align, prepare - align, session, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private void Verify(float score)
    {
        if (_verifier is null || !ViewPolicy.IsCandidate(score, _models.Coarse.Policy))
        {
            return;
        }

        var verifier = _models.Verifier!.Manifest.Verifier!;
        var coarse = _models.Coarse.Manifest.Coarse!;
        _ticket.RegionCount = CandidateRegions.Select(
            _coarse.AnomalyMap, coarse.MapHeight, coarse.MapWidth, _slot.Geometry, CropRule.Of(verifier), coarse.Candidate, _ticket.RegionRoom, _ticket.PeakRoom);
        _verifier.Run(_slot, _ticket.Regions, _ticket.ProbabilityRoom(verifier.Classes.Count));
        _ticket.Verify(_verifier.Stamp);
    }

    private ModelPolicy? PolicyOf(Digest model) =>
        model == _models.Coarse.Policy.ModelDigest ? _models.Coarse.Policy
        : model == _models.Verifier?.Policy.ModelDigest ? _models.Verifier.Policy
        : null;
}
