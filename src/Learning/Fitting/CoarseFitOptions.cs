using Inspection.Learning.Backbones;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Fitting;

public enum CalibrationMethod
{
    /// <summary>Five folds by group, bank fitted again in each, final bank on all: uses every image, called approximate (rule 8 of evaluation.md).</summary>
    CrossFit = 1,

    /// <summary>A fifth of the groups never enters the bank: the marginal guarantee, from fewer scores and a smaller bank.</summary>
    Split = 2,
}

/// <summary>Options of `inspection fit coarse`; the defaults are the measured recipe.</summary>
public sealed record CoarseFitOptions
{
    /// <summary>Product name in the package; empty for the data set's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Decides every draw; the same seed gives the same package on one machine.</summary>
    public int Seed { get; init; } = 1;

    public Alignment Alignment { get; init; } = Alignment.None;

    /// <summary>An ONNX file with named feature maps; null for the packaged ResNet-18.</summary>
    public string? BackboneFile { get; init; }

    /// <summary>
    /// Feature maps used, shallow first, the last one sets the grid and each earlier one has twice its resolution. Empty: the map of stride 16, with that of stride 8 where parts are aligned.
    /// </summary>
    public IReadOnlyList<string> Maps { get; init; } = [];

    /// <summary>Pixels of the prepared image: what an image may cost (256 x 256 is about 20 ms on one core).</summary>
    public int Pixels { get; init; } = 256 * 256;

    /// <summary>Patches kept. The head's cost grows with it: about a tenth of the backbone's for each 1,000.</summary>
    public int BankSize { get; init; } = 4_000;

    /// <summary>Principal components kept of each patch.</summary>
    public int Components { get; init; } = 128;

    /// <summary>An image's score is the mean of this many largest patch distances.</summary>
    public int TopPatches { get; init; } = 5;

    /// <summary>Flips (across, along, both) of the good images enter the bank too; off for products where a mirrored part is a defect.</summary>
    public bool Flips { get; init; } = true;

    /// <summary>Turned copies (every 30 degrees) enter the bank too; null: where the parts are found to lie at any angle and no alignment is asked.</summary>
    public bool? Turns { get; init; }

    public CalibrationMethod Calibration { get; init; } = CalibrationMethod.CrossFit;

    /// <summary>Share of good parts that may be rejected where no verifier runs.</summary>
    public double RejectRate { get; init; } = 0.05;

    /// <summary>Share of good parts that may become candidates.</summary>
    public double CandidateRate { get; init; } = 0.20;

    /// <summary>Good patches that the greedy choice looks at, drawn by seed: more make the score less a matter of the seed, and the fit longer.</summary>
    public int CandidatePatches { get; init; } = 120_000;

    /// <summary>At most this many good images are used (a seeded draw), so that memory is bounded.</summary>
    public int MaxImages { get; init; } = 1_000;

    /// <exception cref="FitException">A value out of range, named.</exception>
    public CoarseFitOptions Validate()
    {
        static void Require(bool holds, string key, object value, string allowed)
        {
            if (!holds)
            {
                throw new FitException($"{key} is {value}; allowed is {allowed}");
            }
        }

        Require(Pixels is >= 64 * 64 and <= 1024 * 1024, "pixels", Pixels, "4,096 to 1,048,576");
        Require(BankSize is >= 16 and <= 100_000, "bank size", BankSize, "16 to 100,000");
        Require(Components is >= 2 and <= 512, "components", Components, "2 to 512");
        Require(TopPatches is >= 1 and <= 64, "top patches", TopPatches, "1 to 64");
        Require(RejectRate is > 0 and < 1, "reject rate", RejectRate, "above 0 and below 1");
        Require(CandidateRate is > 0 and < 1, "candidate rate", CandidateRate, "above 0 and below 1");
        Require(CandidateRate >= RejectRate, "candidate rate", CandidateRate, $"at least the reject rate {RejectRate}");
        Require(MaxImages >= 8, "max images", MaxImages, "at least 8");
        return this;
    }
}

/// <summary>What `inspection fit coarse` did, for its report.</summary>
public sealed record CoarseFitResult
{
    public required string Directory { get; init; }

    public required Vision.Models.PackageManifest Manifest { get; init; }

    public required string SignatureId { get; init; }

    public required int Images { get; init; }

    /// <summary>Pictures that could not be read, with the reason.</summary>
    public required IReadOnlyList<string> Unreadable { get; init; }

    public required int BankSize { get; init; }

    /// <summary>The backbone alone at 256 x 256, one core, median.</summary>
    public required double BackboneMilliseconds { get; init; }

    /// <summary>The whole model at its own size, one core, median.</summary>
    public required double ModelMilliseconds { get; init; }

    /// <summary>Of it, what comes after the backbone.</summary>
    public required double HeadMilliseconds { get; init; }

    public required TimeSpan FeatureTime { get; init; }

    /// <summary>Final bank and the calibration's refits.</summary>
    public required TimeSpan BankTime { get; init; }

    public required TimeSpan TotalTime { get; init; }

    /// <summary>What the calibration can and cannot claim, in sentences.</summary>
    public required IReadOnlyList<string> Claims { get; init; }
}
