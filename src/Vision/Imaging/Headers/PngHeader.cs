using System.Buffers.Binary;

namespace Inspection.Vision.Imaging.Headers;

/// <summary>PNG (ISO/IEC 15948): signature, then chunks of length, type, data, CRC; IHDR first, IEND last.</summary>
internal static class PngHeader
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;

    /// <summary>Of the first letter of a chunk's type: a reader that does not know it may pass over it.</summary>
    private const int AncillaryBit = 0x20;
    private const int IhdrEnd = SignatureLength + ChunkOverhead + 13;

    /// <summary>The problem in words, or "".</summary>
    public static string Read(ReadOnlySpan<byte> data, out ImageHeader header)
    {
        header = default;
        if (data.Length < IhdrEnd)
        {
            return $"PNG cut off within its header: {data.Length} bytes";
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(data[8..]) != 13 || !data.Slice(12, 4).SequenceEqual("IHDR"u8))
        {
            return "PNG does not begin with an IHDR chunk";
        }

        if (Crc32.Of(data[12..29]) != BinaryPrimitives.ReadUInt32BigEndian(data[29..]))
        {
            return "PNG header (IHDR) has a wrong checksum";
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(data[16..]);
        var height = BinaryPrimitives.ReadUInt32BigEndian(data[20..]);
        if (width > int.MaxValue || height > int.MaxValue)
        {
            return $"PNG header declares {width} x {height} pixels, more than the format allows";
        }

        var (bits, colourType) = (data[24], data[25]);
        ColourModel? colour = (colourType, bits) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) or (4, 8 or 16) => ColourModel.Grey,
            (2 or 6, 8 or 16) => ColourModel.Rgb,
            (3, 1 or 2 or 4 or 8) => ColourModel.Palette,
            _ => null,
        };
        if (colour is null)
        {
            return $"PNG header declares colour type {colourType} with {bits} bits, which the format does not have";
        }

        header = new ImageHeader(ImageFormat.Png, (int)width, (int)height, bits, colour.Value);
        return "";
    }

    /// <summary>
    /// Follows the chunks to IEND, so that a file that was cut off is found without decoding it, and one with a chunk that changes what the
    /// others mean. Costs a step a chunk.
    /// The problem in words, or "".
    /// </summary>
    public static string Completeness(ReadOnlySpan<byte> data)
    {
        long at = SignatureLength;
        var sawPixels = false;
        while (at + ChunkOverhead <= data.Length)
        {
            var chunk = data[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var type = chunk.Slice(4, 4);
            sawPixels |= type.SequenceEqual("IDAT"u8);
            if (type.SequenceEqual("IEND"u8))
            {
                return sawPixels ? "" : "PNG holds no pixels (no IDAT chunk)";
            }

            if ((type[0] & AncillaryBit) == 0 && !type.SequenceEqual("IHDR"u8) && !type.SequenceEqual("PLTE"u8) && !type.SequenceEqual("IDAT"u8))
            {
                return $"PNG holds the chunk {System.Text.Encoding.Latin1.GetString(type)}, without which it cannot be understood and which the format does not have";
            }

            at += ChunkOverhead + length;
        }

        return $"PNG cut off: its chunks go on beyond the {data.Length} bytes there are";
    }
}
