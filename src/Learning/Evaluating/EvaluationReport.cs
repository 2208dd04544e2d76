using System.Text.Json;
using System.Text.Json.Serialization;
using Inspection.Learning.Statistics;

namespace Inspection.Learning.Evaluating;

/// <summary>report.json: every figure as evaluation.md defines it. Null where it cannot be had, with the reason in <see cref="Footnotes"/>.</summary>
public sealed record EvaluationReport
{
    public const string ProtocolVersion = "protocol 1";

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string Protocol { get; init; } = ProtocolVersion;

    public required DataFacts Data { get; init; }

    public required IReadOnlyList<ModelFacts> Models { get; init; }

    /// <summary>Test pictures, readable or not.</summary>
    public required int Images { get; init; }

    public required int Scored { get; init; }

    /// <summary>Of the score in scores.csv.</summary>
    public required double? ImageAuroc { get; init; }

    /// <summary>Of the coarse score alone: equal to image_auroc where no verifier ran.</summary>
    public required double? CoarseImageAuroc { get; init; }

    public required double? AveragePrecision { get; init; }

    public required double? PixelAuroc { get; init; }

    public required double? PixelAurocImageMean { get; init; }

    /// <summary>To a false-positive rate of 0.3.</summary>
    public required double? Aupro { get; init; }

    [JsonPropertyName("aupro_05")]
    public required double? Aupro05 { get; init; }

    public required int? MaskRegions { get; init; }

    public required double? EscapeRate { get; init; }

    public required double? OverkillRate { get; init; }

    public required double? NgGoodRate { get; init; }

    public required double? ReviewRateGood { get; init; }

    public required double? ReviewRateBad { get; init; }

    public required double? Precision { get; init; }

    public required double? Recall { get; init; }

    public required IReadOnlyDictionary<string, Interval> Intervals { get; init; }

    public required OracleFigures? Oracle { get; init; }

    public required EscapeBound? EscapeBound { get; init; }

    public required IReadOnlyList<ConfusionRow> Confusion { get; init; }

    public required IReadOnlyList<ClassFigures> PerClass { get; init; }

    public required double? MsPerImage { get; init; }

    public required double? BackboneMs { get; init; }

    /// <summary>ms_per_image over backbone_ms.</summary>
    public required double? Ratio { get; init; }

    public required double? HeadMs { get; init; }

    public required Timing Timing { get; init; }

    public required VerifierEffect? Verifier { get; init; }

    public required Lineage Lineage { get; init; }

    /// <summary>The figures without the test pictures that share a group with a training picture; null where there are none.</summary>
    public required SubsetFigures? WithoutSharedGroups { get; init; }

    /// <summary>The figures without the test pictures that a fitted model has seen; null where there are none.</summary>
    public required SubsetFigures? WithoutSeen { get; init; }

    public CrossValidation? CrossValidation { get; init; }

    public required IReadOnlyList<ImageProblem> Unreadable { get; init; }

    public required IReadOnlyList<string> Footnotes { get; init; }
}

public sealed record DataFacts(string Name, string Digest, string Layout, int Good, int Bad, int GoodGroups, int BadGroups, bool GroupsKnown, string Groups, int NearDuplicates, IReadOnlyList<string> NearDuplicatesAcross);

public sealed record ModelFacts(string Stage, string Name, string Digest, string RuntimeVersions, string Provider, string CpuClass);

/// <summary>Oracle figures: from the test's own ROC, so no promise rests on them (rule 7).</summary>
public sealed record OracleFigures(
    [property: JsonPropertyName("escape_at_1pct_overkill")] OracleEscapeFigure EscapeAt1,
    [property: JsonPropertyName("escape_at_5pct_overkill")] OracleEscapeFigure EscapeAt5,
    [property: JsonPropertyName("overkill_at_0_escapes")] OracleOverkillFigure OverkillAt0);

/// <param name="Reads">"at 1 of 140": the false alarms allowed; below 100 good images 1 % is "at 0 of n".</param>
public sealed record OracleEscapeFigure(string Reads, double? Threshold, double EscapeRate, int FalseAlarms, int NGood, int GoodGroups);

public sealed record OracleOverkillFigure(double Threshold, double OverkillRate, int FalseAlarms, int NGood, int GoodGroups, IReadOnlyList<string> LimitedBy);

/// <summary>Rule 10: the Clopper-Pearson upper bound on the share of defect groups with an escape, or why it is void.</summary>
public sealed record EscapeBound(int Groups, int GroupsWithEscape, double Confidence, double? Upper, string Void);

public sealed record ConfusionRow(string Label, int Images, int Groups, int Ok, int Ng, int Review, int Fallback);

public sealed record ClassFigures(string Class, int Images, int Groups, int Masks, double? ImageAuroc, double? EscapeRate, double? NgRate, double? ReviewRate, Interval Interval);

public sealed record Timing(int Images, double? DecodeMs, double? AlignMs, double? PrepareMs, double? SessionMs, double? VerifyMsPerCandidate, string Backbone, string Note);

/// <summary>What the verifier changed against the coarse model alone, both ways.</summary>
/// <param name="ClearedGood">NG by the coarse model alone, OK with the verifier: overkill avoided.</param>
/// <param name="ClearedBad">NG by the coarse model alone, OK with the verifier: an escape made.</param>
/// <param name="RaisedGood">OK by the coarse model alone, not OK with the verifier: overkill made.</param>
/// <param name="RaisedBad">OK by the coarse model alone, not OK with the verifier: an escape caught.</param>
public sealed record VerifierEffect(int Candidates, int ClearedGood, int ClearedBad, int RaisedGood, int RaisedBad, double? CoarseAloneEscapeRate, double? CoarseAloneOverkillRate);

/// <summary>Which test pictures the fitted models have seen. Known is false where a package does not say.</summary>
public sealed record Lineage(bool CoarseKnown, bool? VerifierKnown, IReadOnlyList<string> SeenByCoarse, IReadOnlyList<string> SeenByVerifier);

public sealed record SubsetFigures(int ImagesLeftOut, double? ImageAuroc, double? CoarseImageAuroc, double? EscapeRate, double? OverkillRate);

/// <summary>Rules 12 and 13: the verifier fitted again in each fold, without the fold's groups.</summary>
public sealed record CrossValidation(int Folds, string Note, double? ImageAuroc, double? CoarseImageAuroc, IReadOnlyList<double?> FoldImageAuroc, IReadOnlyList<double?> FoldCoarseImageAuroc);

public sealed record ImageProblem(string Image, string Conclusion, string Detail);
