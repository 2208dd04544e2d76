using Inspection.Vision.Cameras.Synthetic;

namespace Inspection.Benchmarks.Rig;

/// <summary>Synthetic parts drawn beforehand: decoded grey frames in memory, so that no benchmark times a decoder or a painter.</summary>
internal sealed class Frames
{
    private readonly byte[][] _pixels;

    public Frames(int side, int count)
    {
        Side = side;
        var line = new SyntheticLine(new SyntheticOptions { Width = side, Height = side });
        _pixels = new byte[count][];
        var mask = new byte[side * side];
        for (var i = 0; i < count; i++)
        {
            _pixels[i] = new byte[line.FrameLength];
            line.Draw(i + 1, 0, _pixels[i], mask);
        }
    }

    public int Side { get; }

    public ReadOnlySpan<byte> Of(long index) => _pixels[index % _pixels.Length];
}
