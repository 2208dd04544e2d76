using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Inspection.Protocol;
using Inspection.Vision.Preparing;

namespace Inspection.Vision.Models;

/// <summary>package.json: everything needed to use a model and to trust it (design section 6). Unknown keys are errors.</summary>
public sealed record PackageManifest
{
    public const int CurrentFormat = 1;

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new EquatableListConverter() },
    };

    public int Format { get; init; } = CurrentFormat;

    public required string Name { get; init; }

    public required ModelStage Stage { get; init; }

    /// <summary>SHA-256 of model.onnx, hexadecimal.</summary>
    public required string ModelDigest { get; init; }

    /// <summary>How the frame (coarse) or the crop (verifier) becomes the input.</summary>
    public required PreparationSpec Preparation { get; init; }

    /// <summary>Coarse only.</summary>
    public CoarseThresholds? Coarse { get; init; }

    /// <summary>Verifier only.</summary>
    public VerifierThresholds? Verifier { get; init; }

    /// <summary>Held-out good scores the thresholds rest on, ascending.</summary>
    public required CalibrationSet Calibration { get; init; }

    /// <summary>What was learned from what: data set digest, backbone, code version, options, seeds, times. For people and audit.</summary>
    public required SortedDictionary<string, string> Lineage { get; init; }
}

public sealed record CoarseThresholds
{
    /// <summary>At or above: candidate.</summary>
    public required float Candidate { get; init; }

    /// <summary>At or above: NG where no verifier runs.</summary>
    public required float Reject { get; init; }

    /// <summary>A verifier clears only below it.</summary>
    public required float ClearLimit { get; init; }

    /// <summary>At or above: out of distribution.</summary>
    public required float Ood { get; init; }

    /// <summary>How far scores may differ between machines.</summary>
    public required float Tolerance { get; init; }

    /// <summary>Anomaly map size: [Height, Width] cells over the prepared image.</summary>
    public required int MapHeight { get; init; }

    public required int MapWidth { get; init; }
}

public sealed record VerifierThresholds
{
    public required float NgProbability { get; init; }

    public required float OkProbability { get; init; }

    /// <summary>Class names in the order of the model's output; the first is "good".</summary>
    public required EquatableList<string> Classes { get; init; }

    /// <summary>Side of the square crop, as a fraction of the frame's shorter side, and its least size in pixels.</summary>
    public required double CropFraction { get; init; }

    public required int CropMinimum { get; init; }

    /// <summary>At most this many regions of a view are looked at.</summary>
    public required int MaxRegions { get; init; }
}

public sealed record CalibrationSet
{
    /// <summary>"cross-fit" (folds by group, bank fitted again in each; approximate) or "split".</summary>
    public required string Method { get; init; }

    /// <summary>Independent units: groups where known, else images.</summary>
    public required int Units { get; init; }

    /// <summary>False positive rate the reject threshold was set for.</summary>
    public required double RejectRate { get; init; }

    public required double CandidateRate { get; init; }

    public required EquatableList<float> Scores { get; init; }
}
