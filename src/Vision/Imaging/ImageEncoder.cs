using SkiaSharp;

namespace Inspection.Vision.Imaging;

/// <summary>Writes images losslessly as 8-bit PNG.</summary>
public static unsafe class ImageEncoder
{
    /// <param name="pixels">[height, width, channels] uint8, rows packed.</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    public static byte[] Png(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "an image has 1 (grey) or 3 (RGB) channels");
        }

        if (pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"an image of {width} x {height} x {channels} has {(long)width * height * channels} bytes, not {pixels.Length}", nameof(pixels));
        }

        if (channels == 1)
        {
            return Encode(pixels, new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque), width);
        }

        var rgbx = new byte[checked(width * height * 4)];
        for (var i = 0; i < width * height; i++)
        {
            pixels.Slice(3 * i, 3).CopyTo(rgbx.AsSpan(4 * i));
            rgbx[(4 * i) + 3] = 255;
        }

        return Encode(rgbx, new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), width * 4);
    }

    private static byte[] Encode(ReadOnlySpan<byte> pixels, SKImageInfo info, int rowBytes)
    {
        fixed (byte* start = pixels)
        {
            using var pixmap = new SKPixmap(info, (nint)start, rowBytes);
            using var data = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub | SKPngEncoderFilterFlags.Up, 6))
                ?? throw new InvalidOperationException($"PNG encoding of {info.Width} x {info.Height} failed");
            return data.ToArray();
        }
    }
}
