using SkiaSharp;

namespace Inspection.Vision.Imaging.Decoding;

/// <summary>
/// PNG, JPEG and BMP through Skia's codecs. No colour space is named for the target, so Skia converts none. Anything but full success,
/// IncompleteInput too (pixels that were never in the file would be grey), is a failure.
/// </summary>
internal static unsafe class SkiaDecoding
{
    /// <summary>The problem in words, or "". <paramref name="target"/> is exactly the decoded length.</summary>
    public static string Decode(ReadOnlySpan<byte> file, ImageHeader header, Span<byte> target, NativeScratch scratch)
    {
        fixed (byte* bytes = file)
        fixed (byte* pixels = target)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data);
            if (codec is null)
            {
                return $"{header.Format} cannot be opened: its header or first blocks are broken";
            }

            var info = codec.Info;
            if (info.Width != header.Width || info.Height != header.Height)
            {
                return $"{header.Format} contradicts itself: {header.Width} x {header.Height} in its header, {info.Width} x {info.Height} within";
            }

            if (header.Channels == 1)
            {
                var grey = new SKImageInfo(header.Width, header.Height, SKColorType.Gray8, SKAlphaType.Opaque);
                var outcome = codec.GetPixels(grey, (nint)pixels, header.Width, SKCodecOptions.Default);
                if (outcome == SKCodecResult.Success)
                {
                    return "";
                }

                if (outcome is not (SKCodecResult.InvalidConversion or SKCodecResult.Unimplemented))
                {
                    return Describe(header, outcome);
                }
            }

            var rgba = scratch.Get(checked((int)(header.Pixels * 4)));
            fixed (byte* room = rgba)
            {
                var colour = new SKImageInfo(header.Width, header.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
                var outcome = codec.GetPixels(colour, (nint)room, header.Width * 4, SKCodecOptions.Default);
                if (outcome != SKCodecResult.Success)
                {
                    return Describe(header, outcome);
                }
            }

            if (header.Channels == 1)
            {
                RgbaPacking.ToGrey(rgba, target);
            }
            else
            {
                RgbaPacking.ToRgb(rgba, target);
            }

            return "";
        }
    }

    private static string Describe(ImageHeader header, SKCodecResult outcome) => outcome == SKCodecResult.IncompleteInput
        ? $"{header.Format} cut off: its pixels end before the last row of {header.Height}"
        : $"{header.Format} is broken within its pixels ({outcome})";
}
