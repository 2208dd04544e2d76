namespace Inspection.Learning.Evaluating;

/// <summary>Rule 14: anomaly maps are upsampled bilinearly to the image's own size; cell centres at (i + 0.5) / n, the border repeated.</summary>
public static class MapUpsampling
{
    /// <param name="map">[mapHeight, mapWidth].</param>
    /// <param name="target">[FrameHeight, FrameWidth], receives the map; pixels that the model did not look at get the map's least value.</param>
    public static void Fill(ReadOnlySpan<float> map, int mapWidth, int mapHeight, MapPlacement placement, Span<float> target)
    {
        if (map.Length != mapWidth * mapHeight)
        {
            throw new ArgumentException($"a map of {mapWidth} x {mapHeight} has {mapWidth * mapHeight} cells, not {map.Length}", nameof(map));
        }

        var least = float.PositiveInfinity;
        foreach (var value in map)
        {
            least = MathF.Min(least, value);
        }

        for (var y = 0; y < placement.FrameHeight; y++)
        {
            var row = target.Slice(y * placement.FrameWidth, placement.FrameWidth);
            for (var x = 0; x < row.Length; x++)
            {
                var u = (placement.Ux * x) + (placement.Uy * y) + placement.U0;
                var v = (placement.Vx * x) + (placement.Vy * y) + placement.V0;
                row[x] = u is >= 0 and <= 1 && v is >= 0 and <= 1 ? Sample(map, mapWidth, mapHeight, u, v) : least;
            }
        }
    }

    private static float Sample(ReadOnlySpan<float> map, int width, int height, double u, double v)
    {
        var (x, y) = ((float)Math.Clamp((u * width) - 0.5, 0, width - 1), (float)Math.Clamp((v * height) - 0.5, 0, height - 1));
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, width - 1), Math.Min(y0 + 1, height - 1));
        var (fx, fy) = (x - x0, y - y0);
        var top = map[(y0 * width) + x0] + (fx * (map[(y0 * width) + x1] - map[(y0 * width) + x0]));
        var bottom = map[(y1 * width) + x0] + (fx * (map[(y1 * width) + x1] - map[(y1 * width) + x0]));
        return top + (fy * (bottom - top));
    }
}
