using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;

namespace Inspection.Learning.Tests.Sessions;

/// <summary>Rule W5: the session that a GPU runs, here on the CPU. Its way from slot to answer is the same, but for the copies to the device.</summary>
[Collection(FittedCollection.Name)]
public sealed class BatchSessionTests(FittedPackages fitted)
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public void Each_frame_of_a_batch_is_answered_as_it_is_alone_whatever_fills_the_rest()
    {
        var package = ModelPackage.Load(fitted.Coarse.Directory);
        using var ring = new FrameRing(8, 1, package.Manifest.Preparation.TensorLength);
        var slots = Enumerable.Range(0, 8).Select(i => Plate(ring, i)).ToArray();
        using var single = new OnnxCoarseSession(package);
        using var batch = new OnnxBatchSession(package, new InferenceOptions { Batches = new[] { 1, 4, 8 }.ToEquatableList() });
        var results = new CoarseResult[8];
        foreach (var (count, bucket) in new[] { (8, 8), (5, 8), (3, 4), (1, 4), (1, 1) })
        {
            var chosen = slots.Reverse().Take(count).ToArray(); // not the frames that lay there before
            batch.Run(chosen, bucket, results);
            for (var i = 0; i < count; i++)
            {
                var alone = single.Run(chosen[i]);
                Assert.Equal(alone.Score, results[i].Score, Tolerance);
                Assert.Equal(alone.Ood, results[i].Ood, Tolerance);
                Assert.All(single.AnomalyMap.ToArray().Zip(batch.MapOf(i).ToArray()), m => Assert.Equal(m.First, m.Second, Tolerance));
            }
        }

        Assert.Equal(slots.Length, slots.Select(s => single.Run(s).Score).Distinct().Count());
        Assert.Equal(single.Run(slots[2]).Score, batch.Run(slots[2]).Score, Tolerance);
    }

    [Fact]
    public void A_batch_larger_than_its_bucket_and_a_slot_too_small_are_refused()
    {
        using var batch = new OnnxBatchSession(ModelPackage.Load(fitted.Coarse.Directory), new InferenceOptions());
        using var ring = new FrameRing(1, 16, 16);
        Assert.True(ring.TryRent(out var slot));
        var results = new CoarseResult[2];
        _ = Assert.Throws<ArgumentException>(() => batch.Run([slot], 1, results));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => batch.Run([slot, slot], 1, results));
    }

    [Fact]
    public void A_session_passes_the_package_s_golden_vectors_in_every_batch_size()
    {
        var package = ModelPackage.Load(fitted.Coarse.Directory);
        using var single = new OnnxCoarseSession(package);
        GoldenVectors.Check(package, single, [1]);
        using var batch = new OnnxBatchSession(package, new InferenceOptions());
        GoldenVectors.Check(package, batch, new InferenceOptions().Batches);
    }

    /// <summary>History: ONNX Runtime copies host memory that is bound as a GPU's input once, when it is bound; every later frame got the first one's answer.</summary>
    [Fact]
    public void A_session_that_answers_for_the_frame_before_is_refused()
    {
        var package = ModelPackage.Load(fitted.Coarse.Directory);
        using var late = new LateSession(new OnnxCoarseSession(package));
        var refused = Assert.Throws<PackageException>(() => GoldenVectors.Check(package, late, [1]));
        Assert.Contains("golden vector", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open", "the library libcublasLt.so.13 cannot be loaded")]
    [InlineData("Failed to load library libonnxruntime_providers_cuda.so", "this build has no cuda provider")]
    public void A_missing_library_is_named_and_not_the_one_that_needs_it(string native, string said)
    {
        var error = SessionFactory.Unavailable(new InferenceOptions { Provider = InferenceProvider.Cuda }, new InvalidOperationException(native));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_do_not_go_together_are_refused()
    {
        _ = Assert.Throws<ArgumentException>(() => new InferenceOptions { CudaGraphs = true }.Validate());
        _ = Assert.Throws<ArgumentException>(() => new InferenceOptions { MemoryLimit = 1 }.Validate());
        _ = Assert.ThrowsAny<ArgumentException>(() => new InferenceOptions { Batches = new[] { 4, 1 }.ToEquatableList() }.Validate());
        _ = new InferenceOptions { Provider = InferenceProvider.Cuda, CudaGraphs = true, MemoryLimit = 1L << 30 }.Validate();
    }

    private static FrameSlot Plate(FrameRing ring, int number)
    {
        Assert.True(ring.TryRent(out var slot));
        DrawnParts.Plate(number).CopyTo(slot.Tensor);
        return slot;
    }

    /// <summary>Gives the answer of the run before.</summary>
    private sealed class LateSession(OnnxCoarseSession inner) : ICoarseSession
    {
        private CoarseResult _last;

        public PackageManifest Manifest => inner.Manifest;

        public InferenceStamp Stamp => inner.Stamp;

        public ReadOnlySpan<float> AnomalyMap => inner.AnomalyMap;

        public CoarseResult Run(FrameSlot slot)
        {
            var result = _last;
            _last = inner.Run(slot);
            return result;
        }

        public void Dispose() => inner.Dispose();
    }
}
