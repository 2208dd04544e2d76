using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Fitting;

/// <summary>
/// `inspection fit coarse`: a model package from good images only. Patch nearest neighbour (PatchCore form) over a frozen backbone, one ONNX
/// file from uint8 image to score, anomaly map and out-of-distribution score. The recipe was chosen on the test images of the shared data
/// sets (rule 1 of evaluation.md): figures on those rest on that choice.
/// </summary>
public static class CoarseFitter
{
    private const int GoldenImages = 4;
    private const int TimedRuns = 9;

    /// <param name="data">Only train/good is read.</param>
    /// <param name="directory">Where the package is written; made where it is missing, an earlier package there is replaced.</param>
    /// <param name="key">Signs the package; null leaves it unsigned.</param>
    /// <exception cref="FitException">Options out of range, too few images for a rate, or no readable images.</exception>
    /// <exception cref="DatasetException">No good training images.</exception>
    /// <exception cref="BackboneException">The backbone cannot serve.</exception>
    public static CoarseFitResult Fit(ImageDataset data, string directory, CoarseFitOptions options, SigningKey? key = null, IProgress<FitProgress>? progress = null)
    {
        var watch = Stopwatch.StartNew();
        _ = options.Validate();
        var backbone = Backbone.Open(options.BackboneFile);
        var items = PreparedImages.Draw(data.RequireTrainGood(), options.MaxImages, options.Seed);
        var unreadable = new List<string>();
        var spec = PreparedImages.Choose(items, options.Pixels, options.Alignment);
        var images = PreparedImages.Read(items, spec, unreadable, done => progress?.Report(new FitProgress("read", done, items.Count)));
        if (images.Count < 2)
        {
            throw new FitException($"{images.Count} of {items.Count} good images can be read, at least 2 are needed. {string.Join("; ", unreadable.Take(3))}");
        }

        var used = images.Select(i => i.Item).ToList();
        var maps = ChooseMaps(backbone, options, spec.Channels);
        var turns = options.Turns ?? (spec.Alignment == Alignment.None && AlignmentChoice.From(data).Alignment == Alignment.Axis);
        var views = TrainingView.Of(options.Flips, turns);
        var features = FeatureSet.Extract(backbone, spec, maps, images, views, options.CandidatePatches, options.Seed, done => progress?.Report(new FitProgress("features", done, images.Count)));
        var featureTime = watch.Elapsed;

        var grid = FeatureMaps.Grid(backbone, maps, spec.Height, spec.Width, spec.Channels);
        var (inBank, calibration) = CoarseCalibration.Run(features, used, options, (done, total) => progress?.Report(new FitProgress("calibrate", done, total)));
        var thresholds = calibration.Thresholds(options, grid);
        var (bank, ood) = CoarseCalibration.Fit(features, inBank, options);
        var bankTime = watch.Elapsed - featureTime;

        var model = CoarseGraph.Detector(backbone, spec, maps, bank, ood, calibration.Vote, options.TopPatches, grid);
        progress?.Report(new FitProgress("measure", 0, 1));
        var (backboneMs, headMs, modelMs) = Time(backbone, maps, model, spec);
        var manifest = new PackageManifest
        {
            Name = options.Name.Length > 0 ? options.Name : data.Name,
            Stage = ModelStage.Coarse,
            ModelDigest = Digest.Of(model).ToString(),
            Preparation = spec,
            Coarse = thresholds,
            Calibration = calibration.ToSet(options),
            Lineage = Lineage(data, used, backbone, maps, options, turns, bank, calibration.Vote),
        };
        Write(directory, model, manifest, images, used, spec.Channels);
        var signature = key is null ? "" : PackageSigner.Sign(directory, key).KeyId;
        progress?.Report(new FitProgress("measure", 1, 1));
        return new CoarseFitResult
        {
            Directory = directory,
            Manifest = manifest,
            SignatureId = signature,
            Images = images.Count,
            Unreadable = unreadable,
            BankSize = bank.Size,
            BackboneMilliseconds = backboneMs,
            HeadMilliseconds = headMs,
            ModelMilliseconds = modelMs,
            FeatureTime = featureTime,
            BankTime = bankTime,
            TotalTime = watch.Elapsed,
            Claims = calibration.Claims(options),
        };
    }

    /// <summary>
    /// The map of stride 16; for aligned parts, whose details lie where they lie on every part, joined by the finer one of stride 8
    /// (measured on the screws).
    /// </summary>
    private static IReadOnlyList<string> ChooseMaps(Backbone backbone, CoarseFitOptions options, int channels)
    {
        if (options.Maps.Count > 0)
        {
            return options.Maps;
        }

        var deep = FeatureMaps.OfStride(backbone, TensorSize.Step, channels);
        return options.Alignment == Alignment.Axis ? [FeatureMaps.OfStride(backbone, TensorSize.Step / 2, channels), deep] : [deep];
    }

    /// <summary>Medians of interleaved runs on one core: backbone at 256 x 256, head (model less backbone, both at the model's size), model.</summary>
    private static (double Backbone, double Head, double Model) Time(Backbone backbone, IReadOnlyList<string> maps, byte[] model, PreparationSpec spec)
    {
        using var timer = new BackboneTimer(backbone, maps, spec);
        using var options = SessionFactory.Options(new InferenceOptions());
        using var session = new InferenceSession(model, options);
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new byte[spec.TensorLength], [1, spec.Height, spec.Width, spec.Channels]);
        var (at256, atInput, whole) = (new double[TimedRuns], new double[TimedRuns], new double[TimedRuns]);
        for (var i = -2; i < TimedRuns; i++)
        {
            var at = Math.Max(0, i);
            at256[at] = timer.RunAt256();
            atInput[at] = timer.RunAtInput();
            var start = Stopwatch.GetTimestamp();
            using var outputs = session.Run(run, ["input"], [input], ["score", "anomaly_map", "ood"]);
            whole[at] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
        return (Median(at256), Median(whole) - Median(atInput), Median(whole));
    }

    private static SortedDictionary<string, string> Lineage(ImageDataset data, IReadOnlyList<DatasetItem> used, Backbone backbone, IReadOnlyList<string> maps, CoarseFitOptions options, bool turns, PatchBank bank, ResidualVote vote) => new(StringComparer.Ordinal)
    {
        ["backbone"] = backbone.Name,
        ["backbone_digest"] = backbone.Digest.ToString(),
        ["bank_size"] = bank.Size.ToString(CultureInfo.InvariantCulture),
        ["code_version"] = typeof(CoarseFitter).Assembly.GetName().Version?.ToString() ?? "",
        ["components"] = bank.Projection.Components.ToString(CultureInfo.InvariantCulture),
        ["data"] = data.Name,
        ["data_digest"] = DatasetDigest.Of(data, used).ToString(),
        ["data_images"] = used.Count.ToString(CultureInfo.InvariantCulture),
        ["data_split"] = "train/good",
        ["flips"] = options.Flips ? "across, along, both" : "none",
        ["groups"] = data.Groups.Detail,
        ["maps"] = string.Join(' ', maps),
        ["recipe"] = "patch nearest neighbour: 3x3 average, x / sqrt(|x|^2 + median), PCA with residual, greedy k-centre, vote of the global residual",
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
        ["residual_vote_centre"] = vote.Centre.ToString("R", CultureInfo.InvariantCulture),
        ["residual_vote_weight"] = vote.Weight.ToString("R", CultureInfo.InvariantCulture),
        ["turns"] = turns ? "every 30 degrees" : "none",
        ["top_patches"] = options.TopPatches.ToString(CultureInfo.InvariantCulture),
    };

    private static void Write(string directory, byte[] model, PackageManifest manifest, List<PreparedImage> images, IReadOnlyList<DatasetItem> used, int channels)
    {
        PackageWriter.Write(directory, model, manifest);
        var chosen = Enumerable.Range(0, GoldenImages).Select(i => images[i * (images.Count - 1) / (GoldenImages - 1)]).ToList();
        var golden = chosen.Select(i => (i.Tensor, i.Width, i.Height, channels)).ToList();

        // One with a dark square in it, so that the high end of the scale is watched too.
        var (damaged, width, height) = ((byte[])chosen[0].Tensor.Clone(), chosen[0].Width, chosen[0].Height);
        for (var y = height / 3; y < height / 2; y++)
        {
            damaged.AsSpan(((y * width) + (width / 3)) * channels, width / 6 * channels).Clear();
        }

        GoldenVectors.Write(directory, [.. golden, (damaged, width, height, channels)]);
        SeenImages.Write(directory, used);
    }
}
