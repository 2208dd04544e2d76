using Inspection.Learning.Statistics;

namespace Inspection.Evaluation.Tests.Statistics;

internal sealed class ArraySample(int width, int height, float[] map, byte[]? mask) : PixelSample
{
    public override int Width => width;

    public override int Height => height;

    public override bool HasMask => mask is not null;

    public override void Fill(Span<float> destination, Span<byte> maskDestination)
    {
        map.CopyTo(destination);
        mask?.CopyTo(maskDestination);
    }
}
