using System.Globalization;
using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Inspection.Protocol;
using Inspection.Vision.Models;

namespace Inspection.Learning.Fitting;

/// <summary>
/// Held-out good scores and what follows from them (rule 8 of evaluation.md): images in a bank, and their flips, never calibrate it. The weight
/// of the residual's vote comes from the same held-out images; it is two numbers, and the scores have it in them.
/// </summary>
internal sealed record CoarseCalibration(CalibrationMethod Method, int Units, float[] Scores, float[] Residuals, ResidualVote Vote)
{
    /// <summary>Scores of one model differ between machines by less than this share (measured: 1e-5 between instruction sets).</summary>
    private const float RelativeTolerance = 1e-4f;

    /// <summary>An image is out of distribution when its residual exceeds the largest of held-out good images by this factor.</summary>
    private const float OodMargin = 1.5f;

    private const int Folds = 5;

    /// <summary>Which images are in the final bank, and the held-out scores.</summary>
    public static (int[] Bank, CoarseCalibration Calibration) Run(FeatureSet features, IReadOnlyList<DatasetItem> items, CoarseFitOptions options, Action<int, int> done)
    {
        var folds = GroupFolds.Make(items, Folds, options.Seed, stratify: false);
        var rounds = options.Calibration == CalibrationMethod.Split ? 1 : folds.Count;
        var (scores, residuals, groups) = (new List<float>(), new List<float>(), new HashSet<string>());
        for (var fold = 0; fold < rounds; fold++)
        {
            var kept = folds.Kept(fold);
            var (bank, ood) = Fit(features, kept, options);
            var held = folds.HeldOut(fold);
            var (foldScores, foldResiduals) = (new float[held.Length], new float[held.Length]);
            _ = Parallel.For(0, held.Length, h =>
            {
                foldScores[h] = PatchBank.Score(bank.Distances(features.Patches[held[h]]), options.TopPatches);
                foldResiduals[h] = ood.Score(features.Globals[held[h]].AsSpan(0, features.GlobalWidth));
            });
            scores.AddRange(foldScores);
            residuals.AddRange(foldResiduals);
            groups.UnionWith(held.Select(h => items[h].Group));
            done(fold + 1, rounds);
        }

        var vote = ResidualVote.Of(scores, residuals);
        float[] voted = [.. scores.Select((score, i) => score + vote.For(residuals[i])).Order()];
        residuals.Sort();
        var inBank = options.Calibration == CalibrationMethod.Split ? folds.Kept(0) : [.. Enumerable.Range(0, items.Count)];
        return (inBank, new CoarseCalibration(options.Calibration, groups.Count, voted, [.. residuals], vote));
    }

    public static (PatchBank Bank, OodModel Ood) Fit(FeatureSet features, int[] images, CoarseFitOptions options)
    {
        var sizes = new PatchBankOptions(options.BankSize, (ulong)options.Seed * 1_000_003) { Components = options.Components, Candidates = options.CandidatePatches };
        return (PatchBank.Fit(features.CandidatesOf(images), features.Width, sizes), OodModel.Fit(features.GlobalsOf(images), features.GlobalWidth, images.Length));
    }

    /// <summary>
    /// Thresholds by conformal p: a score is rejected when p = (1 + held-out scores at or above it) / (n + 1) is at most the wanted rate.
    /// </summary>
    /// <exception cref="FitException">Too few independent images for a wanted rate: says what can be had.</exception>
    public CoarseThresholds Thresholds(CoarseFitOptions options, (int Height, int Width) map)
    {
        foreach (var (name, rate) in new[] { ("reject rate", options.RejectRate), ("candidate rate", options.CandidateRate) })
        {
            var needed = Conformal.UnitsNeeded(rate);
            if (Units < needed)
            {
                throw new FitException(string.Create(CultureInfo.InvariantCulture, $"{name} {rate:P1} needs {needed} independent good images (or groups) for calibration, there are {Units}: the least rate that can be had is {1.0 / (Units + 1):P1}. Ask for that, or bring more images"));
            }
        }

        var reject = Conformal.Threshold(Scores, options.RejectRate);
        return new CoarseThresholds
        {
            Candidate = Conformal.Threshold(Scores, options.CandidateRate),
            Reject = reject,
            ClearLimit = MathF.Max(reject, Scores[^1]),
            Ood = OodMargin * Residuals[^1],
            Tolerance = RelativeTolerance * reject,
            MapHeight = map.Height,
            MapWidth = map.Width,
        };
    }

    public CalibrationSet ToSet(CoarseFitOptions options) => new()
    {
        Method = Method == CalibrationMethod.Split ? "split" : "cross-fit",
        Units = Units,
        RejectRate = options.RejectRate,
        CandidateRate = options.CandidateRate,
        Scores = Scores.ToEquatableList(),
    };

    /// <summary>What may be claimed, in sentences.</summary>
    public IReadOnlyList<string> Claims(CoarseFitOptions options) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"Calibrated on {Scores.Length} held-out good images in {Units} independent groups; the least rate they carry is {1.0 / (Units + 1):P2}."),
        Method == CalibrationMethod.Split
            ? string.Create(CultureInfo.InvariantCulture, $"Of good parts from the same process at most {options.RejectRate:P1} are rejected, on average over calibrations (split conformal).")
            : string.Create(CultureInfo.InvariantCulture, $"Of good parts from the same process about {options.RejectRate:P1} are rejected: cross-fitted, so this is approximate; --calibration split guarantees it."),
        "No defects were seen: nothing is claimed about escapes.",
    ];
}
