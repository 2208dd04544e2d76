using System.Globalization;
using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Learning.Statistics;
using Inspection.Vision.Models;

namespace Inspection.Benchmarks;

/// <summary>
/// Image AUROC of several coreset seeds at the price of few: each picture goes through the backbone once, each seed's bank is the product's own
/// final fit on all good pictures, without the refits of the calibration: of those the score has only the residual's vote (two numbers), which is
/// the package's for all seeds. The plain form of the head gives the scores.
/// </summary>
internal static class CoarseSeeds
{
    /// <param name="fitted">Of a package fitted with the same options: names preparation, maps and views.</param>
    /// <param name="options">The fit's options; its seed is replaced by each of <paramref name="seeds"/>.</param>
    /// <returns>Image AUROC for each seed.</returns>
    public static double[] Auroc(ImageDataset data, PackageManifest fitted, CoarseFitOptions options, int[] seeds, Action<int, double> done)
    {
        var (backbone, spec, maps) = (Backbone.Open(options.BackboneFile), fitted.Preparation, fitted.Lineage["maps"].Split(' '));
        var views = TrainingView.Of(fitted.Lineage["flips"] != "none", fitted.Lineage["turns"] != "none");
        var features = FeatureSet.Extract(backbone, spec, maps, Read(data.RequireTrainGood(), spec), views, options.CandidatePatches, seeds, _ => { });
        var test = Read(data.RequireTest(), spec);
        var asTheyLie = FeatureSet.Extract(backbone, spec, maps, test, TrainingView.Of(flips: false, turns: false), 0, 1, _ => { });
        bool[] bad = [.. test.Select(i => !i.Item.IsGood)];
        var vote = new ResidualVote(Number(fitted, "residual_vote_weight"), Number(fitted, "residual_vote_centre"));
        var auroc = new double[seeds.Length];
        for (var s = 0; s < seeds.Length; s++)
        {
            var (bank, ood) = CoarseCalibration.Fit(features[s], [.. Enumerable.Range(0, features[s].Patches.Length)], options with { Seed = seeds[s] });
            var scores = new double[test.Count];
            _ = Parallel.For(0, scores.Length, i => scores[i] = PatchBank.Score(bank.Distances(asTheyLie.Patches[i]), options.TopPatches) + vote.For(ood.Score(asTheyLie.Globals[i])));
            auroc[s] = RocCurve.Of(scores, bad).Auroc() ?? double.NaN;
            done(seeds[s], auroc[s]);
        }

        return auroc;
    }

    private static float Number(PackageManifest fitted, string key) => float.Parse(fitted.Lineage[key], CultureInfo.InvariantCulture);

    private static List<PreparedImage> Read(IReadOnlyList<DatasetItem> items, Vision.Preparing.PreparationSpec spec)
    {
        var unreadable = new List<string>();
        var images = PreparedImages.Read(items, spec, unreadable, _ => { });
        return unreadable.Count == 0
            ? images
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{unreadable.Count} pictures cannot be read, the first: {unreadable[0]}"));
    }
}
