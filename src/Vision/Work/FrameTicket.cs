using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;

namespace Inspection.Vision.Work;

/// <summary>
/// One frame's way from trigger to evidence: the element of the camera's graph, the dispatcher's work item and the worker's result in one
/// reused object, so that a frame costs no managed allocation on its way. Exactly one party holds it at a time; handing it over is the
/// memory barrier (a mailbox or an async callback).
/// </summary>
public sealed class FrameTicket
{
    /// <summary>Most candidate regions a view may have, whatever its package asks for.</summary>
    public const int MaxRegions = 16;

    private readonly PixelBox[] _regions = new PixelBox[MaxRegions];
    private readonly float[] _peaks = new float[MaxRegions];
    private float[] _probabilities = [];

    public TriggerKey Key { get; private set; }

    public string ExternalId { get; private set; } = "";

    /// <summary>Monotonic: when the trigger's decision is due.</summary>
    public TimeSpan DeadlineAt { get; private set; }

    public long ExposureUtcTicks { get; private set; }

    public LineModels Models { get; private set; } = null!;

    /// <summary>Rule W6: what the verifier wants to see of a candidate; null where none looks.</summary>
    public CropRule? Crops { get; set; }

    /// <summary>It came from another node and must not leave this one.</summary>
    public bool LocalOnly { get; set; }

    /// <summary>The frame; null where none was captured.</summary>
    public FrameSlot? Slot { get; set; }

    /// <summary>The slot's generation when it was filled (rule W3).</summary>
    public int Generation { get; set; }

    public WorkStage Stage { get; set; }

    /// <summary>Null while the frame is under way.</summary>
    public ViewOutcome? Outcome { get; private set; }

    public string Detail { get; private set; } = "";

    public Digest TensorDigest { get; set; }

    /// <summary>Of the copy that waits for the part's conclusion; none where no frame is kept (rule J10).</summary>
    public Digest FrameDigest { get; private set; }

    public bool FrameSampled { get; private set; }

    public float CoarseScore { get; private set; }

    public float OodScore { get; private set; }

    public InferenceStamp? CoarseStamp { get; private set; }

    public InferenceStamp? VerifierStamp { get; private set; }

    public Span<PixelBox> RegionRoom => _regions;

    public Span<float> PeakRoom => _peaks;

    public int RegionCount { get; set; }

    public bool Verified { get; private set; }

    /// <summary>Where a worker gives the ticket back; set by the graph's inspect stage, kept while the ticket travels.</summary>
    public Action<FrameTicket> Done { get; set; } = static _ => { };

    public ReadOnlySpan<PixelBox> Regions => _regions.AsSpan(0, RegionCount);

    public void Begin(TriggerKey key, string externalId, TimeSpan deadlineAt, long exposureUtcTicks, LineModels models)
    {
        (Key, ExternalId, DeadlineAt, ExposureUtcTicks, Models) = (key, externalId, deadlineAt, exposureUtcTicks, models);
        (Crops, LocalOnly) = (models.Verifier is { } verifier ? CropRule.Of(verifier.Manifest.Verifier!) : null, false);
        (Slot, Generation, Stage, Outcome, Detail, TensorDigest) = (null, 0, WorkStage.Coarse, null, "", default);
        (FrameDigest, FrameSampled) = (default, false);
        (CoarseScore, OodScore, CoarseStamp, VerifierStamp, RegionCount, Verified) = (float.NaN, float.NaN, null, null, 0, false);
    }

    /// <summary>The view ends here without a score, or with what it has.</summary>
    public void EndWith(ViewOutcome outcome, string detail) => (Outcome, Detail) = (outcome, detail);

    /// <summary>Rule J10: a copy of the frame waits for the part's conclusion.</summary>
    public void Copied(Digest frame, bool sampled) => (FrameDigest, FrameSampled) = (frame, sampled);

    public void Score(float coarse, float ood, InferenceStamp stamp)
    {
        (CoarseScore, OodScore, CoarseStamp) = (coarse, ood, stamp);
        Outcome = ViewOutcome.Scored;
    }

    /// <summary>Room for [regions, classes] probabilities.</summary>
    public Span<float> ProbabilityRoom(int classes)
    {
        if (_probabilities.Length < MaxRegions * classes)
        {
            _probabilities = new float[MaxRegions * classes];
        }

        return _probabilities.AsSpan(0, RegionCount * classes);
    }

    public void Verify(InferenceStamp stamp) => (VerifierStamp, Verified) = (stamp, true);

    /// <summary>The immutable record of it all, for supervisor and journal.</summary>
    public ViewEvidence ToEvidence(CameraId camera) => new()
    {
        Camera = camera,
        Outcome = Outcome ?? ViewOutcome.Shed,
        Detail = Detail,
        ExposureUtcTicks = ExposureUtcTicks,
        DeviceCounter = Key.Counter,
        TensorDigest = TensorDigest,
        FrameDigest = FrameDigest,
        FrameSampled = FrameSampled,
        CoarseScore = CoarseScore,
        OodScore = OodScore,
        Coarse = CoarseStamp,
        Verifier = VerifierStamp,
        Candidates = RegionCount == 0 ? EquatableList<CandidateEvidence>.Empty : CandidateEvidences(),
    };

    private EquatableList<CandidateEvidence> CandidateEvidences()
    {
        var classes = Models.Verifier?.Manifest.Verifier?.Classes;
        var all = new CandidateEvidence[RegionCount];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Verified && classes is not null
                ? Named(i, _probabilities.AsSpan(i * classes.Count, classes.Count), classes)
                : new CandidateEvidence(_regions[i], _peaks[i], false, "", float.NaN);
        }

        return all.ToEquatableList();
    }

    /// <summary>Class 0 is "good"; the defect named is the likeliest of the others.</summary>
    private CandidateEvidence Named(int region, ReadOnlySpan<float> probabilities, EquatableList<string> classes)
    {
        var best = 1;
        for (var c = 2; c < probabilities.Length; c++)
        {
            best = probabilities[c] > probabilities[best] ? c : best;
        }

        return new CandidateEvidence(_regions[region], _peaks[region], true, classes[best], 1 - probabilities[0]);
    }
}
