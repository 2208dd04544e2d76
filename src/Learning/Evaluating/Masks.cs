using Inspection.Vision.Imaging;

namespace Inspection.Learning.Evaluating;

/// <summary>Pixel masks at their own size, binarised at &gt; 127 (rule 14): never resized.</summary>
internal static class Masks
{
    private const byte Level = 127;

    /// <summary>Why the mask cannot be used with a frame of this size, or "".</summary>
    public static string Problem(ImageDecoder decoder, string path, int width, int height)
    {
        var mask = decoder.ReadFile(path, out var problem);
        return mask is null ? problem
            : mask.Width != width || mask.Height != height ? $"{path}: the mask has {mask.Width} x {mask.Height} pixels, its picture {width} x {height}; masks are never resized"
            : "";
    }

    /// <summary>[height, width]: 1 where the mask is above 127 (in any channel), else 0.</summary>
    public static void Fill(ImageDecoder decoder, string path, Span<byte> target)
    {
        var mask = decoder.ReadFile(path, out var problem) ?? throw new IOException(problem);
        for (var i = 0; i < target.Length; i++)
        {
            var any = false;
            for (var c = 0; c < mask.Channels; c++)
            {
                any |= mask.Pixels[(i * mask.Channels) + c] > Level;
            }

            target[i] = any ? (byte)1 : (byte)0;
        }
    }
}
