using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;

namespace Inspection.Learning.Evaluating;

/// <summary>The figures of whole images, with intervals, oracle figures, confusion and classes.</summary>
internal sealed class ImageFigures
{
    private const double BoundConfidence = 0.95;

    private readonly IReadOnlyList<EvaluatedImage> _images;
    private readonly GroupBootstrap _bootstrap;
    private readonly int _seed;
    private readonly bool _groupsKnown;

    public ImageFigures(IReadOnlyList<EvaluatedImage> images, bool groupsKnown, int seed)
    {
        (_images, _groupsKnown, _seed) = (images, groupsKnown, seed);
        _bootstrap = Bootstrap(images);
        Scored = [.. images.Where(i => i.IsScored)];
        Curve = CurveOf(Scored, i => i.Score);
    }

    public IReadOnlyList<EvaluatedImage> Scored { get; }

    public RocCurve Curve { get; }

    public double? CoarseAuroc => CurveOf(Scored, i => i.Evidence.CoarseScore).Auroc();

    public IReadOnlyDictionary<string, Interval> Intervals() => new Dictionary<string, Interval>
    {
        ["image_auroc"] = Auroc(Scored, _seed),
        ["escape_rate"] = _bootstrap.Of(w => Rates.Escape(_images, w), Rests.OnBad, v => v is 0 or 1),
        ["overkill_rate"] = _bootstrap.Of(w => Rates.Overkill(_images, w), Rests.OnGood, v => v is 0 or 1),
    };

    public OracleFigures? Oracle()
    {
        var (scores, bad) = (Scored.Select(i => (double)i.Score).ToArray(), Scored.Select(i => i.IsBad).ToArray());
        if (OracleRates.OverkillAtZeroEscapes(scores, bad) is not { } overkill)
        {
            return null;
        }

        var groups = Groups(Scored, i => !i.IsBad);
        return new OracleFigures(
            Escape(0.01, groups),
            Escape(0.05, groups),
            new OracleOverkillFigure(overkill.Threshold, overkill.OverkillRate, overkill.FalseAlarms, Curve.Good, groups, [.. overkill.Limiting.Select(i => Scored[i].Item.Path)]));
    }

    /// <param name="seenOrChosen">Why the bound is void (rule 10), or "".</param>
    public EscapeBound? Bound(string seenOrChosen)
    {
        var bad = _images.Where(i => i.IsBad).GroupBy(i => i.Item.Group).ToArray();
        if (bad.Length == 0)
        {
            return null;
        }

        var missed = bad.Count(g => g.Any(i => i.Conclusion.IsOk));
        return new EscapeBound(bad.Length, missed, BoundConfidence, seenOrChosen.Length > 0 ? null : BinomialBounds.Upper(bad.Length, missed, BoundConfidence), seenOrChosen);
    }

    public IReadOnlyList<ConfusionRow> Confusion() =>
    [
        .. _images.GroupBy(i => i.Item.Label).OrderBy(g => g.Key != DatasetItem.Good).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => new ConfusionRow(
            g.Key,
            g.Count(),
            g.Select(i => i.Item.Group).Distinct().Count(),
            g.Count(i => i.Conclusion.IsOk),
            g.Count(i => i.Conclusion.Verdict == Protocol.Verdict.Ng),
            g.Count(i => i.Conclusion.Verdict == Protocol.Verdict.Review),
            g.Count(i => !i.Conclusion.IsDecided))),
    ];

    /// <summary>Each defect class against all good images.</summary>
    public IReadOnlyList<ClassFigures> PerClass() =>
    [
        .. _images.Where(i => i.IsBad).GroupBy(i => i.Item.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            var against = Scored.Where(i => !i.IsBad || i.Item.Label == g.Key).ToArray();
            var interval = Auroc(against, _seed);
            var members = g.ToArray();
            return new ClassFigures(
                g.Key,
                members.Length,
                members.Select(i => i.Item.Group).Distinct().Count(),
                members.Count(i => i.Item.MaskPath is not null),
                interval.Value,
                Rates.Escape(members),
                Rates.Of(members, null, _ => true, i => i.Conclusion.Verdict == Protocol.Verdict.Ng),
                Rates.Of(members, null, _ => true, i => i.Conclusion.Verdict == Protocol.Verdict.Review),
                interval);
        }),
    ];

    /// <summary>The figures without some images; null where none meets the condition.</summary>
    public SubsetFigures? Without(Func<EvaluatedImage, bool> leaveOut)
    {
        var kept = _images.Where(i => !leaveOut(i)).ToArray();
        var scored = kept.Where(i => i.IsScored).ToArray();
        return kept.Length == _images.Count
            ? null
            : new SubsetFigures(
                _images.Count - kept.Length,
                CurveOf(scored, i => i.Score).Auroc(),
                CurveOf(scored, i => i.Evidence.CoarseScore).Auroc(),
                Rates.Escape(kept),
                Rates.Overkill(kept));
    }

    /// <summary>NG among all that are NG; bad among them.</summary>
    public double? Precision() => Rates.Of(_images, null, i => i.Conclusion.Verdict == Protocol.Verdict.Ng, i => i.IsBad);

    public VerifierEffect Effect()
    {
        int Count(bool bad, Protocol.Verdict coarse, bool ok) => _images.Count(i => i.IsBad == bad && i.CoarseAlone == coarse && i.Conclusion.IsOk == ok);
        return new VerifierEffect(
            _images.Count(i => i.IsCandidate),
            Count(false, Protocol.Verdict.Ng, true),
            Count(true, Protocol.Verdict.Ng, true),
            Count(false, Protocol.Verdict.Ok, false),
            Count(true, Protocol.Verdict.Ok, false),
            Rates.Of(_images, null, i => i.IsBad, i => i.CoarseAlone == Protocol.Verdict.Ok),
            Rates.Of(_images, null, i => !i.IsBad, i => i.CoarseAlone != Protocol.Verdict.Ok));
    }

    public static RocCurve CurveOf(IReadOnlyList<EvaluatedImage> images, Func<EvaluatedImage, float> score) =>
        RocCurve.Of([.. images.Select(i => (double)score(i))], [.. images.Select(i => i.IsBad)]);

    public static int Groups(IEnumerable<EvaluatedImage> images, Func<EvaluatedImage, bool> which) =>
        images.Where(which).Select(i => i.Item.Group).Distinct().Count();

    private OracleEscapeFigure Escape(double allowed, int groups)
    {
        var oracle = OracleRates.EscapeAt(Curve, allowed)!;
        return new OracleEscapeFigure(
            $"at {(int)Math.Floor((allowed * Curve.Good) + 1e-9)} of {Curve.Good}", oracle.Threshold, oracle.EscapeRate, oracle.FalseAlarms, Curve.Good, groups);
    }

    private Interval Auroc(IReadOnlyList<EvaluatedImage> images, int seed)
    {
        var bad = images.Select(i => i.IsBad).ToArray();
        var weighted = new WeightedAuroc([.. images.Select(i => (double)i.Score)], bad);
        return new GroupBootstrap([.. images.Select(i => i.Item.Group)], bad, _groupsKnown, seed).Of(weighted.Of, Rests.OnBoth, v => v is 0 or 1);
    }

    private GroupBootstrap Bootstrap(IReadOnlyList<EvaluatedImage> images) =>
        new([.. images.Select(i => i.Item.Group)], [.. images.Select(i => i.IsBad)], _groupsKnown, _seed);
}
