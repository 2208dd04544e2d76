using Inspection.Vision.Preparing;

namespace Inspection.Learning.Evaluating;

/// <summary>Rule 14: anomaly maps are upsampled bilinearly to the image's own size; cell centres at (i + 0.5) / n, the border repeated.</summary>
public static class MapUpsampling
{
    /// <param name="map">[mapHeight, mapWidth] over the prepared tensor.</param>
    /// <param name="geometry">Where the tensor lies in the frame: crop, resize or turn.</param>
    /// <param name="target">[FrameHeight, FrameWidth], receives the map; pixels that the model did not look at get the map's least value.</param>
    public static void Fill(ReadOnlySpan<float> map, int mapWidth, int mapHeight, PreparedGeometry geometry, Span<float> target)
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

        var toTensor = geometry.TensorToFrame.Invert();
        var (sx, sy) = ((double)mapWidth / geometry.TensorWidth, (double)mapHeight / geometry.TensorHeight);
        for (var y = 0; y < geometry.FrameHeight; y++)
        {
            var row = target.Slice(y * geometry.FrameWidth, geometry.FrameWidth);
            for (var x = 0; x < row.Length; x++)
            {
                var (tx, ty) = toTensor.Apply(x + 0.5, y + 0.5);
                row[x] = tx >= 0 && ty >= 0 && tx <= geometry.TensorWidth && ty <= geometry.TensorHeight
                    ? Sample(map, mapWidth, mapHeight, (float)((tx * sx) - 0.5), (float)((ty * sy) - 0.5))
                    : least;
            }
        }
    }

    private static float Sample(ReadOnlySpan<float> map, int width, int height, float x, float y)
    {
        (x, y) = (Math.Clamp(x, 0, width - 1), Math.Clamp(y, 0, height - 1));
        var (x0, y0) = ((int)x, (int)y);
        var (x1, y1) = (Math.Min(x0 + 1, width - 1), Math.Min(y0 + 1, height - 1));
        var (fx, fy) = (x - x0, y - y0);
        var top = map[(y0 * width) + x0] + (fx * (map[(y0 * width) + x1] - map[(y0 * width) + x0]));
        var bottom = map[(y1 * width) + x0] + (fx * (map[(y1 * width) + x1] - map[(y1 * width) + x0]));
        return top + (fy * (bottom - top));
    }
}
