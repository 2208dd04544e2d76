using Inspection.Vision.Frames;

namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>One camera of a <see cref="SyntheticLine"/>: draws straight into the slot.</summary>
public sealed class SyntheticCamera : ICamera
{
    private readonly SyntheticLine _line;
    private readonly int _camera;

    /// <param name="camera">0 to the line's Cameras - 1.</param>
    public SyntheticCamera(SyntheticLine line, int camera)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)camera, (uint)line.Options.Cameras, nameof(camera));
        (_line, _camera) = (line, camera);
    }

    public string Description => $"synthetic line (seed {_line.Options.Seed}), camera {_camera + 1} of {_line.Options.Cameras}";

    public CaptureResult Capture(string externalId, FrameSlot slot)
    {
        if (!SyntheticLine.TryIndex(externalId, out var index) || index > (_line.Options.Count ?? SyntheticLine.MaxIndex))
        {
            return CaptureResult.Lost($"'{externalId}' is no part of this synthetic line");
        }

        var options = _line.Options;
        if (slot.PixelCapacity < _line.FrameLength)
        {
            return CaptureResult.Unreadable($"{externalId}: a picture of {options.Width} x {options.Height} x {options.Channels} does not fit a slot of {slot.PixelCapacity} bytes");
        }

        _line.Draw(index, _camera, slot.PixelRoom, []);
        slot.SetShape(options.Width, options.Height, options.Channels);
        return CaptureResult.Captured;
    }

    public void Dispose()
    {
    }
}
