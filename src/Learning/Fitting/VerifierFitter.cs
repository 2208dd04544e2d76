using System.Diagnostics;
using System.Globalization;
using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Inspection.Protocol;
using Inspection.Vision.Models;

namespace Inspection.Learning.Fitting;

/// <summary>
/// `inspection fit verifier`: a class-weighted supervised head on backbone features of candidate crops, one ONNX file from uint8 crops to
/// class probabilities, "good" first. seen.csv lists every image used, so that an evaluation can say which test images it has seen.
/// </summary>
public static class VerifierFitter
{
    private const int Folds = 5;
    private const int GoldenCrops = 4;

    /// <param name="data">Good images from train/good; defects from train/CLASS where there are any, else from test/CLASS.</param>
    /// <param name="from">Another data set to take the defects from; null for <paramref name="data"/>.</param>
    /// <param name="coarseDirectory">The coarse package whose candidates it will judge.</param>
    /// <param name="directory">Where the package is written.</param>
    /// <param name="options">See there.</param>
    /// <param name="key">Signs the package; null leaves it unsigned.</param>
    /// <param name="progress">Told after each step.</param>
    /// <exception cref="FitException">Options out of range, or no defects, or too few readable images.</exception>
    /// <exception cref="PackageException">The coarse package cannot be trusted.</exception>
    public static VerifierFitResult Fit(ImageDataset data, ImageDataset? from, string coarseDirectory, string directory, VerifierFitOptions options, SigningKey? key = null, IProgress<FitProgress>? progress = null)
    {
        var defects = from is not null ? [.. from.Items.Where(i => !i.IsGood)] : data.TrainDefects.Count > 0 ? data.TrainDefects : [.. data.Items.Where(i => !i.IsGood)];
        if (defects.Count == 0)
        {
            throw new FitException($"{(from ?? data).Root} has no pictures of defects, and a verifier learns from them: put them into train/CLASS, or name a folder that has some with --from");
        }

        var source = $"{string.Join(" and ", defects.Select(d => d.Split == DatasetSplit.Train ? "train/CLASS" : "test/CLASS").Distinct())} of {(from ?? data).Name}";
        return FitOn([.. data.RequireTrainGood(), .. defects], options.Name.Length > 0 ? options.Name : data.Name, source, coarseDirectory, directory, options, key, progress);
    }

    /// <summary>The same on given pictures, for instance on the training folds of an evaluation: nothing else is looked at.</summary>
    public static VerifierFitResult FitOn(IReadOnlyList<DatasetItem> items, string name, string defectSource, string coarseDirectory, string directory, VerifierFitOptions options, SigningKey? key = null, IProgress<FitProgress>? progress = null)
    {
        var watch = Stopwatch.StartNew();
        _ = options.Validate();
        var coarse = ModelPackage.Load(coarseDirectory, new PackageLoadOptions { RequireSignature = false });
        var backbone = Backbone.Open(options.BackboneFile);
        var maps = options.Maps.Count > 0 ? options.Maps : [.. backbone.Maps.TakeLast(2)];
        var unreadable = new List<string>();
        var (real, synthetic) = CropCollector.Collect(coarse, items, backbone, maps, options, unreadable, (step, n, total) => progress?.Report(new FitProgress(step, n, total)));
        var classes = real.Select(s => s.Label).Where(l => l != DatasetItem.Good).Distinct().Order(StringComparer.Ordinal).Prepend(DatasetItem.Good).ToArray();
        if (classes.Length < 2 || real.All(s => s.Label != DatasetItem.Good))
        {
            throw new FitException($"crops of good parts and of at least one defect are needed; there are {real.Count(s => s.Label == DatasetItem.Good)} good ones and {classes.Length - 1} defect classes. {string.Join("; ", unreadable.Take(3))}");
        }

        var folds = GroupFolds.Make(items, Folds, options.Seed, stratify: true);
        var heldOut = VerifierTrainer.CrossValidate(real, synthetic, items, folds, classes, options.Penalty, (n, total) => progress?.Report(new FitProgress("cross-validate", n, total)));
        var (ng, ok) = VerifierTrainer.Thresholds(heldOut, options.MissRate, options.FalseNgRate);
        var head = VerifierTrainer.Train(real.Concat(synthetic), classes, options.Penalty);
        progress?.Report(new FitProgress("train", 1, 1));

        var spec = CropCollector.CropSpec(coarse.Manifest.Preparation, options);
        var model = VerifierGraph.Verifier(backbone, spec.Width, spec.Channels, maps, head);
        var manifest = new PackageManifest
        {
            Name = name,
            Stage = ModelStage.Verifier,
            ModelDigest = Digest.Of(model).ToString(),
            Preparation = spec,
            Verifier = options.Regions(classes) with { NgProbability = ng, OkProbability = ok },
            Calibration = new CalibrationSet
            {
                Method = "cross-fit",
                Units = items.Where(i => i.IsGood).Select(i => i.Group).Distinct().Count(),
                RejectRate = options.FalseNgRate,
                CandidateRate = options.FalseNgRate,
                Scores = heldOut.Good.ToEquatableList(),
            },
            Lineage = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["backbone"] = backbone.Name,
                ["backbone_digest"] = backbone.Digest.ToString(),
                ["coarse_digest"] = coarse.Manifest.ModelDigest,
                ["code_version"] = typeof(VerifierFitter).Assembly.GetName().Version?.ToString() ?? "",
                ["cross_validated_auroc"] = heldOut.Auroc.ToString("f4", CultureInfo.InvariantCulture),
                ["defects_from"] = defectSource,
                ["data_images"] = items.Count.ToString(CultureInfo.InvariantCulture),
                ["maps"] = string.Join(' ', maps),
                ["recipe"] = "multinomial logistic regression, class-weighted, on means of the maps and maximum of the last",
                ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
                ["synthetic_crops"] = synthetic.Count.ToString(CultureInfo.InvariantCulture),
            },
        };
        PackageWriter.Write(directory, model, manifest);
        GoldenVectors.Write(directory, Golden(items, spec, options));
        SeenImages.Write(directory, items);
        return new VerifierFitResult
        {
            Directory = directory,
            Manifest = manifest,
            SignatureId = key is null ? "" : PackageSigner.Sign(directory, key).KeyId,
            Crops = classes.ToDictionary(c => c, c => real.Count(s => s.Label == c)),
            SyntheticCrops = synthetic.Count,
            DefectSource = defectSource,
            CrossValidatedAuroc = heldOut.Auroc,
            Folds = $"{folds.Count} folds by group{(folds.Note.Length > 0 ? $" ({folds.Note})" : "")}",
            TotalTime = watch.Elapsed,
            Claims = Claims(heldOut, items, ok),
        };
    }

    /// <summary>Whole images as crops, evenly over the list: good ones and defects.</summary>
    private static List<(byte[] Tensor, int Width, int Height, int Channels)> Golden(IReadOnlyList<DatasetItem> items, Vision.Preparing.PreparationSpec spec, VerifierFitOptions options)
    {
        var chosen = Enumerable.Range(0, GoldenCrops).Select(i => items[i * (items.Count - 1) / (GoldenCrops - 1)]).Distinct().ToList();
        var prepared = PreparedImages.Read(chosen, spec, [], _ => { });
        return prepared.Count > 0
            ? [.. prepared.Select(p => (p.Tensor, spec.Width, spec.Height, spec.Channels))]
            : throw new FitException($"none of {string.Join(", ", chosen.Select(c => c.Path))} can be read for the golden vectors (seed {options.Seed})");
    }

    private static IReadOnlyList<string> Claims(HeldOut heldOut, IReadOnlyList<DatasetItem> items, float ok)
    {
        var cleared = heldOut.Defect.Count(d => d < ok);
        var groups = items.Where(i => !i.IsGood).Select(i => i.Group).Distinct().Count();
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"Held out by group, {cleared} of {heldOut.Defect.Length} defect images ({groups} groups) would be cleared."),
            "These defects trained and chose the model: nothing is certified about escapes (rule 10); show it on defects it has not seen.",
        ];
    }
}
