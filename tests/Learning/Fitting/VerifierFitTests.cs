using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Imaging;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;

namespace Inspection.Learning.Tests.Fitting;

[Collection(FittedCollection.Name)]
public sealed class VerifierFitTests(FittedPackages fitted)
{
    [Fact]
    public void The_verifier_names_the_defects_it_was_shown_and_clears_good_crops()
    {
        using var key = SigningKey.LoadOrCreate(fitted.KeyPath);
        var options = new VerifierFitOptions { CropPixels = 64, CropMinimum = 32 };
        var result = VerifierFitter.Fit(fitted.Data, null, fitted.Coarse.Directory, fitted.NewFolder("verifier"), options, key);
        Assert.Equal(["good", "scratch", "spot"], result.Manifest.Verifier!.Classes);
        Assert.True(result.CrossValidatedAuroc > 0.9, $"cross-validated AUROC {result.CrossValidatedAuroc}");
        Assert.True(result.SyntheticCrops > 0);
        Assert.Contains("test/CLASS", result.DefectSource, StringComparison.Ordinal);
        Assert.True(result.Manifest.Verifier.OkProbability <= result.Manifest.Verifier.NgProbability);
        Assert.All(fitted.Data.Items.Where(i => !i.IsGood), i => Assert.Contains(DatasetDigest.OfFile(i.AbsolutePath), SeenImages.Read(result.Directory)!));

        var package = ModelPackage.Load(result.Directory);
        using var session = new OnnxVerifierSession(package);
        using var ring = new FrameRing(1, DrawnParts.Side * DrawnParts.Side, 1);
        using var decoder = new ImageDecoder();
        Assert.True(ring.TryRent(out var slot));
        var right = 0;
        var defects = fitted.Data.Items.Where(i => !i.IsGood).ToList();
        foreach (var item in defects)
        {
            var image = decoder.ReadFile(item.AbsolutePath, out _)!;
            var mask = decoder.ReadFile(item.MaskPath!, out _)!;
            image.Pixels.CopyTo(slot.PixelRoom);
            slot.SetShape(image.Width, image.Height, image.Channels);
            var box = new DefectMask(mask.Pixels, mask.Width, mask.Height, mask.Channels).BoxAround(38);
            var probabilities = new float[6];
            session.Run(slot, [box, new PixelBox(0, 0, 38, 38)], probabilities);
            right += package.Manifest.Verifier!.Classes[Array.IndexOf(probabilities, probabilities[..3].Max())] == item.Label ? 1 : 0;
            Assert.Equal(1f, probabilities[3..].Sum(), 1e-4f);
        }

        Assert.True(right >= defects.Count - 1, $"{right} of {defects.Count} named rightly");
    }

    [Fact]
    public void A_data_set_without_defects_is_refused()
    {
        using var folder = new TemporaryFolder();
        var data = DrawnParts.Write(folder.Path, good: 3, defectsEach: 0);
        var error = Assert.Throws<FitException>(() => VerifierFitter.Fit(data, null, fitted.Coarse.Directory, folder.Of("v"), new VerifierFitOptions()));
        Assert.Contains("--from", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_keep_held_out_defects_from_being_cleared()
    {
        var heldOut = new HeldOut([0.01f, 0.02f, 0.03f, 0.7f], [0.3f, 0.8f, 0.9f], 0.9);
        Assert.Equal((MathF.BitIncrement(0.7f), 0.3f), VerifierTrainer.Thresholds(heldOut, missRate: 0, falseNgRate: 0));
        Assert.Equal((0.5f, 0.5f), VerifierTrainer.Thresholds(heldOut, missRate: 0.4, falseNgRate: 0.3));
    }
}
