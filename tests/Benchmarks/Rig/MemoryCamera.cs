using Inspection.Vision.Cameras;
using Inspection.Vision.Frames;

namespace Inspection.Benchmarks.Rig;

/// <summary>A camera that hands over frames from memory: the one copy stands for the driver's.</summary>
/// <param name="frames">Handed over in turn.</param>
/// <param name="before">Called with the number of frames handed over so far, on the camera's thread.</param>
internal sealed class MemoryCamera(Frames frames, Action<long> before) : ICamera
{
    private long _next;

    public string Description => "frames in memory";

    public CaptureResult Capture(string externalId, FrameSlot slot)
    {
        before(_next);
        frames.Of(_next++).CopyTo(slot.PixelRoom);
        slot.SetShape(frames.Side, frames.Side, 1);
        return CaptureResult.Captured;
    }

    public void Dispose()
    {
    }
}
