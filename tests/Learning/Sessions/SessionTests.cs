using Inspection.Learning.Onnx;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Tests.Sessions;

[Collection(FittedCollection.Name)]
public sealed class SessionTests(FittedPackages fitted)
{
    [Fact]
    public void A_bound_run_allocates_nothing_managed()
    {
        var package = ModelPackage.Load(fitted.Coarse.Directory);
        using var ring = new FrameRing(2, DrawnParts.Side * DrawnParts.Side, package.Manifest.Preparation.TensorLength);
        using var session = new OnnxCoarseSession(package);
        Assert.True(ring.TryRent(out var one));
        Assert.True(ring.TryRent(out var two));
        DrawnParts.Plate(1).CopyTo(one.Tensor);
        DrawnParts.Plate(2).CopyTo(two.Tensor);
        var (first, second) = (session.Run(one), session.Run(two));
        var same = true;
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
            {
                same &= session.Run(one) == first && session.Run(two) == second;
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        _ = Allocated(); // the runtime's own first calls: stubs, statics, tiers
        Assert.Equal(0, Allocated());
        Assert.True(same, "the same tensor gave another score");
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void The_stamp_says_which_computation_it_was()
    {
        var package = ModelPackage.Load(fitted.Coarse.Directory);
        using var session = new OnnxCoarseSession(package);
        Assert.Equal(package.Policy.ModelDigest, session.Stamp.ModelDigest);
        Assert.Equal(package.Policy.ThresholdsDigest, session.Stamp.ThresholdsDigest);
        Assert.Equal(package.SignatureId, session.Stamp.SignatureId);
        Assert.Equal("cpu", session.Stamp.Provider);
        Assert.StartsWith("onnxruntime 1.", session.Stamp.RuntimeVersions, StringComparison.Ordinal);
        Assert.NotEqual("", session.Stamp.CpuClass);
        Assert.False(session.Stamp.ImageDigest.IsNone);
    }

    [Theory]
    [InlineData(InferenceProvider.Cuda, "cuda")]
    [InlineData(InferenceProvider.TensorRt, "tensorrt")]
    public void A_provider_that_is_not_here_is_an_error_and_no_silent_change_to_cpu(InferenceProvider provider, string name)
    {
        // No test machine has 64 GPUs: so it fails in the GPU flavour too.
        var error = Assert.Throws<ProviderUnavailableException>(() => SessionFactory.Open(ModelPackage.Load(fitted.Coarse.Directory), new InferenceOptions { Provider = provider, DeviceId = 63 }));
        Assert.Equal(name, error.Provider);
        Assert.Contains("set provider to cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slot_too_small_for_the_model_is_refused()
    {
        using var ring = new FrameRing(1, 16, 16);
        using var session = new OnnxCoarseSession(ModelPackage.Load(fitted.Coarse.Directory));
        Assert.True(ring.TryRent(out var slot));
        _ = Assert.Throws<ArgumentException>(() => session.Run(slot));
    }

    [Fact]
    public void The_null_model_loads_and_scores_the_mean()
    {
        var directory = fitted.NewFolder("null");
        using var key = SigningKey.LoadOrCreate(fitted.KeyPath);
        _ = NullModel.Write(directory, new PreparationSpec { Width = 8, Height = 4, Channels = 3 }, key);
        using var ring = new FrameRing(1, 16, 96);
        using var session = new OnnxCoarseSession(ModelPackage.Load(directory));
        Assert.True(ring.TryRent(out var slot));
        slot.Tensor.Fill(51);
        Assert.Equal(0.2f, session.Run(slot).Score, 1e-6f);
    }

    [Fact]
    public void Candidate_regions_are_squares_at_the_peaks_inside_the_frame()
    {
        var thresholds = new VerifierThresholds { NgProbability = 0.5f, OkProbability = 0.5f, Classes = ["good", "bad"], CropFraction = 0.25, CropMinimum = 10, MaxRegions = 3 };
        var geometry = PreparedGeometry.OfBox(400, 200, new PixelBox(0, 0, 400, 200), 64, 32);
        var map = new float[4 * 8];
        (map[0], map[1], map[(2 * 8) + 5], map[(3 * 8) + 7]) = (0.9f, 0.8f, 0.95f, 0.2f);
        Span<PixelBox> boxes = stackalloc PixelBox[3];
        Span<float> peaks = stackalloc float[3];
        var count = CandidateRegions.Select(map, 4, 8, geometry, CropRule.Of(thresholds), 0.5f, boxes, peaks);
        Assert.Equal(3, count);
        Assert.Equal([0.95f, 0.9f, 0.8f], peaks[..count].ToArray());
        Assert.Equal(new PixelBox(250, 100, 50, 50), boxes[0]);
        Assert.Equal(new PixelBox(0, 0, 50, 50), boxes[1]);
        foreach (var box in boxes)
        {
            Assert.True(box.X >= 0 && box.Y >= 0 && box.X + box.Width <= 400 && box.Y + box.Height <= 200);
        }

        // A candidate by its mean with no cell above the threshold is still looked at, once.
        Assert.Equal(1, CandidateRegions.Select(map, 4, 8, geometry, CropRule.Of(thresholds), 2f, boxes, peaks));
    }
}
