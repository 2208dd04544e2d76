using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;
using SkiaSharp;

namespace Inspection.Learning.Evaluating.Html;

/// <summary>A picture, and the same under its heat map, side by side as one JPEG in a data URI.</summary>
internal static class Overlay
{
    private const int Longest = 260;
    private const int Quality = 82;
    private const int Gap = 4;

    /// <param name="range">Map values that count as cold and hot, the same for all pictures of a report, so that they compare.</param>
    /// <returns>Null where the picture cannot be read.</returns>
    public static unsafe string? DataUri(ImageDecoder decoder, EvaluatedImage evaluated, int mapWidth, int mapHeight, (float Cold, float Hot) range)
    {
        if (decoder.ReadFile(evaluated.Item.AbsolutePath, out _) is not { } image)
        {
            return null;
        }

        var scale = Math.Min(1.0, (double)Longest / Math.Max(image.Width, image.Height));
        var (width, height) = (Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
        var small = new byte[width * height * 3];
        _ = new Preparer(new PreparationSpec { Width = width, Height = height, Channels = 3 }).Run(image.Pixels, image.Width, image.Height, image.Channels, small);
        var heat = new float[width * height];
        if (evaluated.Map is { } map)
        {
            MapUpsampling.Fill(map, mapWidth, mapHeight, Shrunk(evaluated.Geometry, width, height), heat);
        }

        var both = new byte[((2 * width) + Gap) * height * 4];
        both.AsSpan().Fill(255);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = small.AsSpan(3 * ((y * width) + x), 3);
                var row = y * ((2 * width) + Gap);
                pixel.CopyTo(both.AsSpan(4 * (row + x)));
                Blend(pixel, Math.Clamp((heat[(y * width) + x] - range.Cold) / (range.Hot - range.Cold), 0, 1), both.AsSpan(4 * (row + width + Gap + x)));
            }
        }

        fixed (byte* start = both)
        {
            using var pixmap = new SKPixmap(new SKImageInfo((2 * width) + Gap, height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)start, ((2 * width) + Gap) * 4);
            using var data = pixmap.Encode(new SKJpegEncoderOptions(Quality))
                ?? throw new InvalidOperationException($"JPEG encoding of a {(2 * width) + Gap} x {height} overlay failed");
            return $"data:image/jpeg;base64,{Convert.ToBase64String(data.Span)}";
        }
    }

    // the frame shrunk to width x height: the tensor's places scale with it
    private static PreparedGeometry Shrunk(PreparedGeometry geometry, int width, int height)
    {
        var (sx, sy) = ((double)width / geometry.FrameWidth, (double)height / geometry.FrameHeight);
        var map = geometry.TensorToFrame;
        return geometry with
        {
            FrameWidth = width,
            FrameHeight = height,
            TensorToFrame = new AffineMap(map.Xx * sx, map.Xy * sx, map.X0 * sx, map.Yx * sy, map.Yy * sy, map.Y0 * sy),
        };
    }

    // cold: the picture itself; warmer: yellow, then red over it
    private static void Blend(ReadOnlySpan<byte> pixel, float heat, Span<byte> target)
    {
        var cover = 0.65f * heat;
        target[0] = (byte)((pixel[0] * (1 - cover)) + (255 * cover));
        target[1] = (byte)((pixel[1] * (1 - cover)) + (255 * (1 - heat) * cover));
        target[2] = (byte)(pixel[2] * (1 - cover));
    }
}
