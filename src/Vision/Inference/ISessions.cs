using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Models;

namespace Inspection.Vision.Inference;

/// <summary>What the coarse model says of one frame. NaN or infinity may occur and is judged by the caller, never passed.</summary>
public readonly record struct CoarseResult(float Score, float Ood);

/// <summary>One coarse model on one thread, input bound to the ring's slots: no copy and no managed allocation a frame.</summary>
public interface ICoarseSession : IDisposable
{
    PackageManifest Manifest { get; }

    InferenceStamp Stamp { get; }

    /// <summary>Runs on slot.Tensor ([1, H, W, C] uint8).</summary>
    CoarseResult Run(FrameSlot slot);

    /// <summary>[MapHeight, MapWidth] of the last run; valid until the next.</summary>
    ReadOnlySpan<float> AnomalyMap { get; }
}

/// <summary>A coarse session that looks at several frames in one run (rule W5): a GPU's, or a simulated one.</summary>
public interface IBatchSession : ICoarseSession
{
    /// <summary>Runs on each slot's tensor.</summary>
    /// <param name="slots">1 to <paramref name="bucket"/>.</param>
    /// <param name="bucket">The batch size that runs, padding included.</param>
    /// <param name="results">One a slot.</param>
    void Run(ReadOnlySpan<FrameSlot> slots, int bucket, Span<CoarseResult> results);

    /// <summary>[MapHeight, MapWidth] of one frame of the last run; valid until the next.</summary>
    ReadOnlySpan<float> MapOf(int index);
}

/// <summary>One verifier model on one thread.</summary>
public interface IVerifierSession : IDisposable
{
    PackageManifest Manifest { get; }

    InferenceStamp Stamp { get; }

    /// <summary>
    /// Prepares the regions from the frame's full-resolution pixels, or from the crops the slot holds of them in this order, runs them, and
    /// writes class probabilities [regions, classes]. Both ways give the same bits.
    /// </summary>
    void Run(FrameSlot slot, ReadOnlySpan<PixelBox> regions, Span<float> probabilities);
}
