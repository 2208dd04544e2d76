using Inspection.Vision.Models;

namespace Inspection.Learning.Fitting;

/// <summary>Options of `inspection fit verifier`.</summary>
public sealed record VerifierFitOptions
{
    /// <summary>Product name in the package; empty for the data set's name.</summary>
    public string Name { get; init; } = "";

    public int Seed { get; init; } = 1;

    /// <summary>An ONNX file with named feature maps; null for the packaged ResNet-18.</summary>
    public string? BackboneFile { get; init; }

    /// <summary>Feature maps, shallow first. Empty: the last two of the backbone (layer3 and layer4).</summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Side of the prepared crop in pixels.</summary>
    public int CropPixels { get; init; } = 128;

    /// <summary>Side of the crop in the frame, as a fraction of its shorter side.</summary>
    public double CropFraction { get; init; } = 0.4;

    /// <summary>Least side of the crop in pixels of the frame.</summary>
    public int CropMinimum { get; init; } = 64;

    /// <summary>Regions of a view that are looked at.</summary>
    public int MaxRegions { get; init; } = 3;

    /// <summary>L2 on the standardised weights.</summary>
    public double Penalty { get; init; } = 0.01;

    /// <summary>Share of defect images, held out, that may be cleared: sets the probability below which a candidate is OK.</summary>
    public double MissRate { get; init; } = 0.02;

    /// <summary>Share of good images, held out, that may be called NG: sets the probability from which a candidate is NG.</summary>
    public double FalseNgRate { get; init; } = 0.02;

    /// <summary>Classes with fewer real images than this get synthetic examples, up to this many.</summary>
    public int FewExamples { get; init; } = 12;

    internal VerifierThresholds Regions(IEnumerable<string> classes) => new()
    {
        NgProbability = 0.5f,
        OkProbability = 0.5f,
        Classes = [.. classes],
        CropFraction = CropFraction,
        CropMinimum = CropMinimum,
        MaxRegions = MaxRegions,
    };

    /// <exception cref="FitException">A value out of range, named.</exception>
    public VerifierFitOptions Validate()
    {
        static void Require(bool holds, string key, object value, string allowed)
        {
            if (!holds)
            {
                throw new FitException($"{key} is {value}; allowed is {allowed}");
            }
        }

        Require(CropPixels is >= 64 and <= 512, "crop pixels", CropPixels, "64 to 512");
        Require(CropFraction is > 0 and <= 1, "crop fraction", CropFraction, "above 0, at most 1");
        Require(CropMinimum >= 8, "crop minimum", CropMinimum, "at least 8");
        Require(MaxRegions is >= 1 and <= 16, "max regions", MaxRegions, "1 to 16");
        Require(Penalty > 0, "penalty", Penalty, "above 0");
        Require(MissRate is >= 0 and < 0.5, "miss rate", MissRate, "0 to below 0.5");
        Require(FalseNgRate is >= 0 and < 0.5, "false NG rate", FalseNgRate, "0 to below 0.5");
        return this;
    }
}

/// <summary>What `inspection fit verifier` did, for its report.</summary>
public sealed record VerifierFitResult
{
    public required string Directory { get; init; }

    public required PackageManifest Manifest { get; init; }

    public required string SignatureId { get; init; }

    /// <summary>Crops by class, flips and synthetic ones not counted.</summary>
    public required IReadOnlyDictionary<string, int> Crops { get; init; }

    public required int SyntheticCrops { get; init; }

    /// <summary>Where the defects came from, for instance "test/CLASS of magnetic_tile": evaluation must not test on those.</summary>
    public required string DefectSource { get; init; }

    /// <summary>AUROC of the largest defect probability an image, cross-validated by group, mean over folds.</summary>
    public required double CrossValidatedAuroc { get; init; }

    /// <summary>The folds, and why fewer than five where that is so.</summary>
    public required string Folds { get; init; }

    public required TimeSpan TotalTime { get; init; }

    public required IReadOnlyList<string> Claims { get; init; }
}
