using System.Buffers.Binary;

namespace Inspection.Vision.Imaging.Headers;

/// <summary>Windows bitmap: a 14-byte file header, then BITMAPCOREHEADER (12 bytes) or BITMAPINFOHEADER and its longer successors.</summary>
internal static class BmpHeader
{
    private const int FileHeaderLength = 14;

    /// <summary>The problem in words, or "".</summary>
    public static string Read(ReadOnlySpan<byte> data, out ImageHeader header)
    {
        header = default;
        if (data.Length < FileHeaderLength + 12)
        {
            return $"BMP cut off within its header: {data.Length} bytes";
        }

        var infoLength = BinaryPrimitives.ReadUInt32LittleEndian(data[14..]);
        if (infoLength == 12)
        {
            var core = data[18..];
            return Describe(
                data,
                BinaryPrimitives.ReadUInt16LittleEndian(core),
                BinaryPrimitives.ReadUInt16LittleEndian(core[2..]),
                BinaryPrimitives.ReadUInt16LittleEndian(core[6..]),
                paletteAt: 26,
                paletteStride: 3,
                out header);
        }

        if (infoLength < 40 || infoLength > 1024 || data.Length < FileHeaderLength + infoLength)
        {
            return $"BMP has an unknown or cut-off information header of {infoLength} bytes";
        }

        var (bits, colours) = (BinaryPrimitives.ReadUInt16LittleEndian(data[28..]), BinaryPrimitives.ReadUInt32LittleEndian(data[46..]));
        if (bits <= 8 && colours > 1u << bits)
        {
            return $"BMP declares a palette of {colours} colours for {bits} bits a pixel";
        }

        long height = BinaryPrimitives.ReadInt32LittleEndian(data[22..]);
        return Describe(
            data,
            BinaryPrimitives.ReadInt32LittleEndian(data[18..]),
            Math.Abs(height),
            bits,
            paletteAt: FileHeaderLength + (int)infoLength,
            paletteStride: 4,
            out header);
    }

    private static string Describe(ReadOnlySpan<byte> data, int width, long height, int bits, int paletteAt, int paletteStride, out ImageHeader header)
    {
        header = default;
        if (bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32))
        {
            return $"BMP declares {bits} bits a pixel, which the format does not have";
        }

        if (height > int.MaxValue)
        {
            return $"BMP declares a height of {height}";
        }

        // 16 bits a pixel are 5 or 6 bits a sample, decoded to 8: not a deep image
        var colour = bits > 8 ? ColourModel.Rgb : IsGreyPalette(data, paletteAt, paletteStride, 1 << bits) ? ColourModel.Grey : ColourModel.Palette;
        header = new ImageHeader(ImageFormat.Bmp, width, (int)height, Math.Min(bits, 8), colour);
        return "";
    }

    /// <summary>Industrial cameras save grey frames as 8-bit BMP with a palette of greys: those are one channel.</summary>
    private static bool IsGreyPalette(ReadOnlySpan<byte> data, int at, int stride, int colours)
    {
        var pixelsAt = BinaryPrimitives.ReadUInt32LittleEndian(data[10..]);
        var end = Math.Min(Math.Min(data.Length, pixelsAt), at + (long)(colours * stride));
        if (at + stride > end)
        {
            return false;
        }

        for (var i = at; i + stride <= end; i += stride)
        {
            if (data[i] != data[i + 1] || data[i] != data[i + 2])
            {
                return false;
            }
        }

        return true;
    }
}
