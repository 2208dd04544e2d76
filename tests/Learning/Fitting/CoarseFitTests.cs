using System.Text;
using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Learning.Statistics;
using Inspection.Vision.Frames;
using Inspection.Vision.Imaging;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Tests.Fitting;

[Collection(FittedCollection.Name)]
public sealed class CoarseFitTests(FittedPackages fitted)
{
    [Fact]
    public void The_fitted_model_tells_defects_from_good_parts()
    {
        var scores = Score(ModelPackage.Load(fitted.Coarse.Directory), fitted.Data.Test);
        var auroc = RocCurve.Of([.. scores.Select(s => (double)s.Result.Score)], [.. scores.Select(s => !s.Item.IsGood)]).Auroc();
        Assert.True(auroc > 0.95, $"image AUROC {auroc}");
    }

    [Fact]
    public void A_part_of_another_kind_is_out_of_distribution_and_good_parts_are_not()
    {
        var package = ModelPackage.Load(fitted.Coarse.Directory);
        Assert.All(Score(package, [.. fitted.Data.Test.Where(i => i.IsGood)]), s => Assert.True(s.Result.Ood < package.Policy.OodLimit, $"{s.Item.Path}: {s.Result.Ood}"));
        var random = new SeededRandom(4);
        var noise = new byte[DrawnParts.Side * DrawnParts.Side];
        foreach (ref var b in noise.AsSpan())
        {
            b = (byte)random.Below(256);
        }

        Assert.True(Run(package, noise).Ood >= package.Policy.OodLimit);
    }

    [Fact]
    public void The_same_seed_gives_the_same_package_and_another_seed_another_bank()
    {
        var again = fitted.NewFolder("again");
        using var key = SigningKey.LoadOrCreate(fitted.KeyPath);
        _ = CoarseFitter.Fit(fitted.Data, again, FittedPackages.Options, key);
        Assert.Equal(PackageSigner.CanonicalList(fitted.Coarse.Directory), PackageSigner.CanonicalList(again));
        var other = CoarseFitter.Fit(fitted.Data, fitted.NewFolder("other"), FittedPackages.Options with { Seed = 2 });
        Assert.NotEqual(fitted.Coarse.Manifest.ModelDigest, other.Manifest.ModelDigest);
    }

    [Fact]
    public void Thresholds_lie_where_conformal_p_reaches_the_wanted_rates()
    {
        var manifest = fitted.Coarse.Manifest;
        double[] scores = [.. manifest.Calibration.Scores.Select(s => (double)s)];
        Assert.Equal(24, scores.Length);
        Assert.Equal(scores.Order(), scores);
        foreach (var (threshold, rate) in new[] { (manifest.Coarse!.Reject, 0.05), (manifest.Coarse.Candidate, 0.20) })
        {
            Assert.True(Conformal.PValue(scores, threshold) <= rate);
            Assert.True(Conformal.PValue(scores, MathF.BitDecrement(threshold)) > rate);
        }

        Assert.True(manifest.Coarse.Candidate <= manifest.Coarse.Reject && manifest.Coarse.Reject <= manifest.Coarse.ClearLimit);
        Assert.True(manifest.Coarse.ClearLimit >= scores[^1]);
    }

    [Fact]
    public void A_rate_that_the_images_cannot_carry_is_refused_with_the_one_they_can()
    {
        var error = Assert.Throws<FitException>(() => CoarseFitter.Fit(fitted.Data, fitted.NewFolder("rate"), FittedPackages.Options with { RejectRate = 0.01 }));
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Contains("4.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_calibration_keeps_its_images_out_of_the_bank()
    {
        var split = CoarseFitter.Fit(fitted.Data, fitted.NewFolder("split"), FittedPackages.Options with { Calibration = CalibrationMethod.Split, RejectRate = 0.2, CandidateRate = 0.4 });
        Assert.Equal("split", split.Manifest.Calibration.Method);
        Assert.InRange(split.Manifest.Calibration.Scores.Count, 4, 6);
    }

    [Fact]
    public void The_written_head_computes_what_the_plain_code_does()
    {
        var random = new SeededRandom(5);
        var rows = Enumerable.Range(0, 400 * 256).Select(_ => (float)random.Unit()).ToArray();
        var bank = PatchBank.Fit(rows, 256, new PatchBankOptions(60, 1) { Components = 16 });
        var ood = OodModel.Fit(rows[..(40 * 256)], 256, 40);
        var vote = new ResidualVote(0.02f, 1.5f);
        var spec = new PreparationSpec { Width = 64, Height = 48, Channels = 1 };
        var backbone = Backbone.Open();
        byte[] image = [.. Enumerable.Range(0, 64 * 48).Select(_ => (byte)random.Below(256))];
        var features = Run(CoarseGraph.Features(backbone, spec, ["layer3"]), image, 1, spec);
        var planes = features["features"];
        var patches = new float[planes.Length];
        for (var c = 0; c < 256; c++)
        {
            for (var p = 0; p < 12; p++)
            {
                patches[(p * 256) + c] = planes[(c * 12) + p];
            }
        }

        var expected = bank.Distances(patches);
        var actual = Run(CoarseGraph.Detector(backbone, spec, ["layer3"], bank, ood, vote, 5, (3, 4)), image, 1, spec);
        var said = vote.For(actual["ood"][0]);
        Assert.NotEqual(0, said, 1e-3f);
        for (var p = 0; p < 12; p++)
        {
            Assert.Equal(expected[p] + said, actual["anomaly_map"][p], 1e-4f);
        }

        Assert.Equal(PatchBank.Score(expected, 5) + said, actual["score"][0], 1e-4f);
        Assert.Equal(ood.Score(features["pooled"]), actual["ood"][0], 1e-3f * actual["ood"][0]);
    }

    [Fact]
    public void A_batch_of_four_equals_four_single_images()
    {
        var manifest = fitted.Coarse.Manifest;
        var model = File.ReadAllBytes(Path.Combine(fitted.Coarse.Directory, PackageFiles.Model));
        var images = Enumerable.Range(0, 4).Select(DrawnParts.Plate).ToArray();
        var batch = Run(model, [.. images.SelectMany(i => i)], 4, manifest.Preparation);
        for (var i = 0; i < 4; i++)
        {
            var single = Run(model, images[i], 1, manifest.Preparation);
            foreach (var (name, values) in single)
            {
                for (var k = 0; k < values.Length; k++)
                {
                    Assert.Equal(values[k], batch[name][(i * values.Length) + k], 1e-5f);
                }
            }
        }
    }

    [Fact]
    public void Frames_of_different_aspects_keep_theirs_in_one_package()
    {
        var root = fitted.NewFolder("aspects");
        _ = Directory.CreateDirectory(Path.Combine(root, "train", "good"));
        for (var i = 0; i < 24; i++)
        {
            var (width, height) = i % 2 == 0 ? (96, 48) : (64, 96);
            var pixels = DrawnParts.Plate(i)[..(width * height)];
            File.WriteAllBytes(Path.Combine(root, "train", "good", $"{i:00}.png"), ImageEncoder.Png(pixels, width, height, 1));
        }

        var result = CoarseFitter.Fit(ImageDataset.Open(root), fitted.NewFolder("aspects-package"), FittedPackages.Options);
        Assert.Equal(AspectRule.Frame, result.Manifest.Preparation.Aspect);
        var package = ModelPackage.Load(result.Directory, new PackageLoadOptions { RequireSignature = false });
        foreach (var (width, height) in new[] { (96, 48), (64, 96) })
        {
            using var ring = new FrameRing(1, width * height, package.Manifest.Preparation.TensorLength);
            using var session = new OnnxCoarseSession(package);
            Assert.True(ring.TryRent(out var slot));
            DrawnParts.Plate(3)[..(width * height)].CopyTo(slot.PixelRoom);
            slot.SetShape(width, height, 1);
            var geometry = new Preparer(package.Manifest.Preparation).Run(slot);
            Assert.Equal((double)width / height, (double)geometry.TensorWidth / geometry.TensorHeight, 0.35);
            Assert.True(float.IsFinite(session.Run(slot).Score));
            Assert.Equal(package.Manifest.Coarse!.MapHeight * package.Manifest.Coarse.MapWidth, session.AnomalyMap.Length);
        }

        SharesBatches(package, [(96, 48), (96, 48), (64, 96), (96, 48)]);
    }

    /// <summary>Frames of one size that follow each other run together; each gets its own answer.</summary>
    private static void SharesBatches(ModelPackage package, (int Width, int Height)[] sizes)
    {
        using var ring = new FrameRing(sizes.Length, DrawnParts.Side * DrawnParts.Side, package.Manifest.Preparation.TensorLength);
        using var single = new OnnxCoarseSession(package);
        using var batch = new OnnxBatchSession(package, new InferenceOptions());
        var slots = sizes.Select((size, i) =>
        {
            Assert.True(ring.TryRent(out var slot));
            DrawnParts.Plate(i)[..(size.Width * size.Height)].CopyTo(slot.PixelRoom);
            slot.SetShape(size.Width, size.Height, 1);
            _ = new Preparer(package.Manifest.Preparation).Run(slot);
            return slot;
        }).ToArray();
        var results = new CoarseResult[slots.Length];
        batch.Run(slots, slots.Length, results);
        for (var i = 0; i < slots.Length; i++)
        {
            Assert.Equal(single.Run(slots[i]).Score, results[i].Score, 1e-5f);
            Assert.All(single.AnomalyMap.ToArray().Zip(batch.MapOf(i).ToArray()), m => Assert.Equal(m.First, m.Second, 1e-5f));
        }
    }

    [Fact]
    public void The_package_names_every_image_it_has_seen()
    {
        var seen = SeenImages.Read(fitted.Coarse.Directory)!;
        Assert.Equal(24, seen.Count);
        Assert.All(fitted.Data.TrainGood, i => Assert.Contains(DatasetDigest.OfFile(i.AbsolutePath), seen));
        Assert.Equal(DatasetDigest.Of(fitted.Data, fitted.Data.TrainGood).ToString(), fitted.Coarse.Manifest.Lineage["data_digest"]);
    }

    [Fact]
    public void A_folder_with_other_files_is_not_overwritten()
    {
        var folder = fitted.NewFolder("mine");
        _ = Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "diary.txt"), "dear diary", Encoding.UTF8);
        _ = Assert.Throws<FitException>(() => CoarseFitter.Fit(fitted.Data, folder, FittedPackages.Options));
        Assert.True(File.Exists(Path.Combine(folder, "diary.txt")));
    }

    internal static List<(DatasetItem Item, CoarseResult Result)> Score(ModelPackage package, IReadOnlyList<DatasetItem> items)
    {
        using var decoder = new ImageDecoder();
        return [.. items.Select(i => (i, Run(package, decoder.ReadFile(i.AbsolutePath, out _)!.Pixels)))];
    }

    private static CoarseResult Run(ModelPackage package, byte[] pixels)
    {
        using var ring = new FrameRing(1, pixels.Length, package.Manifest.Preparation.TensorLength);
        using var session = new OnnxCoarseSession(package);
        Assert.True(ring.TryRent(out var slot));
        pixels.CopyTo(slot.PixelRoom);
        slot.SetShape(DrawnParts.Side, DrawnParts.Side, 1);
        _ = new Preparer(package.Manifest.Preparation).Run(slot);
        return session.Run(slot);
    }

    private static Dictionary<string, float[]> Run(byte[] model, byte[] images, int batch, PreparationSpec spec)
    {
        using var options = SessionFactory.Options(new InferenceOptions());
        using var session = new InferenceSession(model, options);
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(images, [batch, spec.Height, spec.Width, spec.Channels]);
        using var values = session.Run(run, ["input"], [input], session.OutputNames);
        return session.OutputNames.Select((name, i) => (name, values[i].GetTensorDataAsSpan<float>().ToArray())).ToDictionary();
    }
}
