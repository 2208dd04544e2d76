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
