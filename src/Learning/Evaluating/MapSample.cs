using Inspection.Learning.Statistics;
using Inspection.Vision.Imaging;

namespace Inspection.Learning.Evaluating;

/// <summary>An evaluated image for the pixel figures: its small map is kept, the large one and the mask are made when asked for.</summary>
internal sealed class MapSample(EvaluatedImage image, int mapWidth, int mapHeight, ImageDecoder decoder) : PixelSample
{
    public override int Width => image.Geometry.FrameWidth;

    public override int Height => image.Geometry.FrameHeight;

    public override bool HasMask => image.Item.MaskPath is not null;

    public override void Fill(Span<float> map, Span<byte> mask)
    {
        MapUpsampling.Fill(image.Map, mapWidth, mapHeight, image.Geometry, map);
        if (image.Item.MaskPath is { } path)
        {
            Masks.Fill(decoder, path, mask);
        }
    }
}
