using System.Diagnostics;
using Inspection.Decisions.Policy;
using Inspection.Learning.Datasets;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Imaging;
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
    private readonly RegionSelector _regions;
    private readonly ImageDecoder _decoder = new();
    private readonly FrameRing _ring;
    private readonly FrameSlot _slot;
    private readonly Preparer _preparer;
    private readonly Preparer? _unaligned;
    private readonly ICoarseSession _coarse;
    private readonly IVerifierSession? _verifier;
    private readonly FrameTicket _ticket = new();

    /// <param name="pixelCapacity">Bytes of the largest decoded picture.</param>
    public ImageInspector(LineModels models, RegionSelector regions, int pixelCapacity)
    {
        (_models, _regions) = (models, regions);
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
        var problem = Decode(item.AbsolutePath);
        var decode = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        float[]? map = null;
        ImageTimes? times = null;
        if (problem.Length > 0)
        {
            _ticket.EndWith(ViewOutcome.Unreadable, problem);
        }
        else
        {
            times = Look(decode);
            map = _coarse.AnomalyMap.ToArray();
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
        _decoder.Dispose();
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
        var coarse = _models.Coarse.Manifest;
        _ticket.RegionCount = _regions(_coarse.AnomalyMap, coarse.Coarse!, coarse.Preparation, _slot, verifier, _ticket.RegionRoom, _ticket.PeakRoom);
        _verifier.Run(_slot, _ticket.Regions, _ticket.ProbabilityRoom(verifier.Classes.Count));
        _ticket.Verify(_verifier.Stamp);
    }

    private string Decode(string path)
    {
        byte[] file;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > _decoder.Limits.MaxFileBytes)
            {
                return $"{path}: {length} bytes, at most {_decoder.Limits.MaxFileBytes} are read";
            }

            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path}: {e.Message}";
        }

        var result = _decoder.Decode(file, _slot.PixelRoom);
        if (!result.IsDecoded)
        {
            return result.Detail;
        }

        if (ImageDecoder.DepthRefusal(result.Header) is { Length: > 0 } refusal)
        {
            return refusal;
        }

        _slot.SetShape(result.Header.Width, result.Header.Height, result.Header.Channels);
        return "";
    }

    private ModelPolicy? PolicyOf(Digest model) =>
        model == _models.Coarse.Policy.ModelDigest ? _models.Coarse.Policy
        : model == _models.Verifier?.Policy.ModelDigest ? _models.Verifier.Policy
        : null;
}
