using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Evaluating;

/// <summary>Rule W6: from an anomaly map to the regions a verifier looks at; returns how many were written, in order of falling peak.</summary>
public delegate int RegionSelector(
    ReadOnlySpan<float> map, CoarseThresholds coarse, PreparationSpec preparation, FrameSlot slot, VerifierThresholds verifier, Span<PixelBox> regions, Span<float> peaks);
