using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>Tells one line's history event by event, as a live supervisor would write it; or as none would, where a test lies.</summary>
internal sealed class Story
{
    public static readonly StationId Station = new("s1");
    public static readonly CameraId Top = new("top");
    public static readonly CameraId Side = new("side");

    private readonly Dictionary<Digest, ModelPolicy> _models = [];
    private long _now = new DateTime(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc).Ticks;
    private Recipe? _recipe;

    public Story(string line = "tile") => Line = new LineId(line);

    public LineId Line { get; }

    public List<ILineEvent> Events { get; } = [];

    public long Epoch { get; private set; }

    public long Seen { get; private set; }

    private long Tick => _now += TimeSpan.TicksPerMillisecond;

    public IReadOnlyList<Sealed> Seal()
    {
        var chain = new ChainWriter(Line);
        return [.. Events.Select(chain.Seal)];
    }

    public Story Tell(ILineEvent e)
    {
        Events.Add(e);
        return this;
    }

    /// <summary>Recipe and models active, one epoch granted.</summary>
    public Story Begin(bool hasVerifier = true)
    {
        _recipe = new Recipe
        {
            Name = "tile",
            Views = [new RequiredView(Station, Top), new RequiredView(Station, Side)],
            DecisionDeadline = TimeSpan.FromSeconds(1),
            HasVerifier = hasVerifier,
        };
        _ = Tell(new RecipeActivated(Tick, _recipe, "anna", "start")).Activate(Packages.Coarse());
        return (hasVerifier ? Activate(Packages.Verifier()) : this).Grant(1);
    }

    public Story Activate(string packageJson)
    {
        var policy = Packages.Policy(packageJson);
        _models[policy.ModelDigest] = policy;
        return Tell(new ModelActivated(Tick, policy, policy.Stage == ModelStage.Coarse ? "tile-coarse" : "tile-verifier", packageJson, "c74f20a3", "self-approved", "anna", "start"));
    }

    public Story Grant(long epoch)
    {
        (Epoch, Seen) = (epoch, 0);
        return Tell(new EpochGranted(Tick, Station, epoch, new NodeId("n1"), $"incarnation-{epoch}"));
    }

    public Story See(params string[] ids)
    {
        Seen += ids.Length;
        return Tell(new TriggersSeen(Tick, Station, Epoch, Seen, ids.ToEquatableList()));
    }

    public Story End(EpochTail tail = EpochTail.Exact) => Tell(new EpochEnded(Tick, Station, Epoch, Seen, tail, "clean stop"));

    public Story FallBack(long from, long to, FallbackReason reason = FallbackReason.Shed) => Tell(new PartsFellBack(Tick, Station, Epoch, from, to, reason, "told so"));

    /// <summary>Bits in order, from counter on.</summary>
    public Story Gate(long from, params bool[] passed)
    {
        var bytes = new byte[(passed.Length + 7) / 8];
        for (var i = 0; i < passed.Length; i++)
        {
            bytes[i >> 3] |= (byte)(passed[i] ? 1 << (i & 7) : 0);
        }

        return Tell(new GateActed(Tick, Station, Epoch, from, passed.Length, bytes.ToEquatableList()));
    }

    public Story Conclude(long counter, string id, params ViewEvidence[] views) => Tell(Concluded(counter, id, views));

    /// <summary>As the live supervisor concludes it; at the deadline where a view is missing.</summary>
    public PartConcluded Concluded(long counter, string id, params ViewEvidence[] views)
    {
        var judged = PartPolicy.Judge(_recipe!, Station, views, _models.GetValueOrDefault);
        return new PartConcluded
        {
            UtcTicks = Tick,
            Key = new TriggerKey(Line, Station, Epoch, counter),
            ExternalId = id,
            RecipeName = _recipe!.Name,
            Views = views.ToEquatableList(),
            Conclusion = judged.Conclusion,
            Reason = judged.Reason,
            Disposition = judged.Disposition,
            DefectClass = judged.DefectClass,
            NearMissMargin = judged.Margin,
            Deadline = _recipe.DecisionDeadline,
            Elapsed = views.Length < 2 ? _recipe.DecisionDeadline : TimeSpan.FromMilliseconds(20 + counter),
            WriterEpoch = "writer-1",
        };
    }

    public ViewEvidence View(CameraId camera, float score, float? defectProbability = null, bool verified = true, ViewOutcome outcome = ViewOutcome.Scored) => new()
    {
        Camera = camera,
        Outcome = outcome,
        ExposureUtcTicks = _now,
        TensorDigest = Digest.Of([(byte)(score * 100)]),
        CoarseScore = score,
        OodScore = 0.5f,
        Coarse = Packages.Stamp(_models[Packages.CoarseModel]),
        Verifier = defectProbability is null ? null : Packages.Stamp(_models[Packages.VerifierModel]),
        Candidates = defectProbability is { } p ? [new CandidateEvidence(new PixelBox(1, 2, 64, 64), score, verified, "crack", p)] : [],
    };

    /// <summary>Two epochs with every kind of event and conclusion; parts still open at the end.</summary>
    public static Story Whole(string line = "tile")
    {
        var s = new Story(line).Begin().See("good/1.png", "good/2.png", "crack/3.png", "crack/4.png", "good/5.png", "good/6.png", "good/7.png");
        var late = new TriggerKey(s.Line, Station, 1, 5);
        _ = s.Conclude(1, "good/1.png", s.View(Top, 0.1f), s.View(Side, 0.2f))
            .Conclude(2, "good/2.png", s.View(Top, 0.65f, 0.1f), s.View(Side, 0.2f))
            .Gate(1, true, true)
            .Conclude(3, "crack/3.png", s.View(Top, 0.5f, 0.95f), s.View(Side, 0.2f))
            .Conclude(4, "crack/4.png", s.View(Top, 0.1f), s.View(Side, 0.2f))
            .Conclude(5, "good/5.png", s.View(Top, 0.1f))
            .Gate(3, false, true, false)
            .Tell(new LateEvidence(s.Tick, late, Side, ViewOutcome.Scored, 0.1f))
            .Tell(new PartReviewed(s.Tick, late, Conclusion.FellBack(FallbackReason.Deadline), Verdict.Ok, "ben", "seen by hand"))
            .FallBack(6, 7)
            .End(EpochTail.Unknown)
            .Grant(2)
            .See("good/8.png", "good/9.png", "good/10.png");
        return s.Conclude(1, "good/8.png", s.View(Top, 0.1f, outcome: ViewOutcome.NotInspectable), s.View(Side, 0.2f))
            .Gate(1, false);
    }
}
