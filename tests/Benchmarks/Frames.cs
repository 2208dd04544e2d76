using Inspection.Vision.Cameras;
using Inspection.Vision.Cameras.Synthetic;
using Inspection.Vision.Frames;

namespace Inspection.Benchmarks;

/// <summary>Synthetic parts drawn beforehand: decoded frames in memory, so that no benchmark times a decoder or a painter.</summary>
internal sealed class Frames
{
    public const int Side = 320;

    private readonly byte[][] _pixels;

    public Frames(int count)
    {
        var line = new SyntheticLine(new SyntheticOptions { Width = Side, Height = Side });
        _pixels = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            _pixels[i] = new byte[line.FrameLength];
            line.Draw(i + 1, 0, _pixels[i], new byte[Side * Side]);
        }
    }

    public ReadOnlySpan<byte> Of(long index) => _pixels[index % _pixels.Length];
}

/// <summary>A camera that hands over frames from memory: the one copy stands for the driver's.</summary>
internal sealed class MemoryCamera(Frames frames) : ICamera
{
    private long _next;

    public string Description => "frames in memory";

    public CaptureResult Capture(string externalId, FrameSlot slot)
    {
        frames.Of(_next++).CopyTo(slot.PixelRoom);
        slot.SetShape(Frames.Side, Frames.Side, 1);
        return CaptureResult.Captured;
    }

    public void Dispose()
    {
    }
}

/// <summary>So many parts, named before the clock runs.</summary>
internal sealed class MemoryParts(int count) : IPartSource
{
    private readonly string[] _ids = [.. Enumerable.Range(1, count).Select(i => $"part-{i:D8}")];
    private int _next;

    // asked in order only: the benchmark starts on an empty journal
    public string? NextAfter(string externalId) => _next < _ids.Length ? _ids[_next++] : null;

    public long? CountAfter(string externalId) => _ids.Length;
}
