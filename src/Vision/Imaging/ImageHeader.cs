using Inspection.Vision.Imaging.Headers;

namespace Inspection.Vision.Imaging;

public enum ImageFormat
{
    Png = 1,
    Jpeg = 2,
    Bmp = 3,
    Tiff = 4,
}

public enum ColourModel
{
    Grey = 1,
    Rgb = 2,

    /// <summary>Indices into a table of RGB colours; decodes to RGB.</summary>
    Palette = 3,

    /// <summary>Print colours; needs a colour profile to become RGB, so it is refused.</summary>
    Cmyk = 4,
}

/// <summary>What an image file says of itself before any pixel is decoded. Alpha is not counted: it is dropped.</summary>
/// <param name="BitsPerSample">1, 2, 4, 8, 12, 16, 32; for a palette the bits of an index.</param>
public readonly record struct ImageHeader(ImageFormat Format, int Width, int Height, int BitsPerSample, ColourModel Colour)
{
    /// <summary>What the image decodes to: 1 (grey) or 3 (RGB).</summary>
    public int Channels => Colour == ColourModel.Grey ? 1 : 3;

    public long Pixels => (long)Width * Height;

    /// <summary>Bytes of the decoded image: Width * Height * Channels.</summary>
    public long DecodedLength => Pixels * Channels;

    /// <summary>
    /// Reads the header by its magic bytes, never by a file name. False with <paramref name="problem"/> in words where the data is empty,
    /// no known format, or its header is broken or declares an empty image. Sizes are not limited here, see <see cref="ImageLimits"/>.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ImageHeader header, out string problem)
    {
        header = default;
        problem = data switch
        {
            [] => "the file is empty (0 bytes)",
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PngHeader.Read(data, out header),
            [0xFF, 0xD8, 0xFF, ..] => JpegHeader.Read(data, out header),
            [(byte)'B', (byte)'M', ..] => BmpHeader.Read(data, out header),
            [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => TiffHeader.Read(data, out header),
            _ => $"not a PNG, JPEG, BMP or TIFF image: it begins with {Convert.ToHexString(data[..Math.Min(8, data.Length)])}",
        };
        if (problem.Length == 0 && (header.Width <= 0 || header.Height <= 0))
        {
            problem = $"the {header.Format} header declares an image of {header.Width} x {header.Height} pixels: there is nothing to see";
        }

        return problem.Length == 0;
    }
}
