using System.Buffers.Binary;

namespace Inspection.Vision.Imaging.Headers;

/// <summary>TIFF 6.0 and BigTIFF, either byte order: the first directory's size, depth and colour tags.</summary>
internal static class TiffHeader
{
    private const int ImageWidth = 256;
    private const int ImageLength = 257;
    private const int BitsPerSample = 258;
    private const int Photometric = 262;

    /// <summary>The problem in words, or "".</summary>
    public static string Read(ReadOnlySpan<byte> data, out ImageHeader header)
    {
        header = default;
        var reader = new Reader(data, bigEndian: data[0] == (byte)'M');
        var big = reader.U16(2) == 43;
        var directory = big ? reader.U64(8) : reader.U32(4);
        var entryLength = big ? 20 : 12;
        var countLength = big ? 8 : 2;
        if (directory is null || directory.Value > (ulong)data.Length - (ulong)Math.Min(data.Length, countLength) || directory.Value < 8)
        {
            return $"TIFF cut off: its first directory lies beyond its {data.Length} bytes";
        }

        var at = (long)directory.Value;
        var entries = (big ? reader.U64(at) : reader.U16(at)) ?? 0;
        ulong width = 0, height = 0, bits = 1, photometric = 1;
        at += countLength;
        for (ulong i = 0; i < Math.Min(entries, 4096); i++, at += entryLength)
        {
            var tag = reader.U16(at);
            if (tag is null || at + entryLength > data.Length)
            {
                return "TIFF cut off within its directory";
            }

            if (!reader.HoldsValues(at, big))
            {
                return $"TIFF cut off: the values of its tag {tag} lie beyond its {data.Length} bytes";
            }

            if (SaysHowPixelsLie(tag.Value) && !(reader.U16(at + 2) is 1 or 3 or 4 || (big && reader.U16(at + 2) == 16)))
            {
                return $"TIFF tag {tag} has the type {reader.U16(at + 2)}, which is no whole number";
            }

            if (tag is ImageWidth or ImageLength or BitsPerSample or Photometric)
            {
                if (reader.Value(at, big) is not { } value)
                {
                    return $"TIFF tag {tag} cannot be read";
                }

                _ = tag switch
                {
                    ImageWidth => width = value,
                    ImageLength => height = value,
                    BitsPerSample => bits = value,
                    _ => photometric = value,
                };
            }
        }

        if (at + (big ? 8 : 4) > data.Length)
        {
            return "TIFF cut off within its directory";
        }

        if (width > int.MaxValue || height > int.MaxValue)
        {
            return $"TIFF declares {width} x {height} pixels";
        }

        ColourModel? colour = photometric switch
        {
            0 or 1 => ColourModel.Grey,
            2 or 6 => ColourModel.Rgb,
            3 => ColourModel.Palette,
            5 => ColourModel.Cmyk,
            _ => null,
        };
        if (colour is null || bits > 64)
        {
            return $"TIFF with photometric interpretation {photometric} and {bits} bits per sample is not supported; save it as grey or RGB";
        }

        header = new ImageHeader(ImageFormat.Tiff, (int)width, (int)height, (int)bits, colour.Value);
        return "";
    }

    /// <summary>
    /// Sizes, depth, compression, colour, fill order, strips, samples, planes, predictor, tiles, alpha and sample format. A reader passes over tags of a
    /// type that it does not know, and would read the pixels as if these were not there.
    /// </summary>
    private static bool SaysHowPixelsLie(ulong tag) => tag is (>= 256 and <= 259) or 262 or 266 or 273 or (>= 277 and <= 279) or 284 or 317 or (>= 322 and <= 325) or 338 or 339;

    private readonly ref struct Reader(ReadOnlySpan<byte> data, bool bigEndian)
    {
        private readonly ReadOnlySpan<byte> _data = data;

        public ulong? U16(long at) => !Has(at, 2) ? null : bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(_data[(int)at..]) : BinaryPrimitives.ReadUInt16LittleEndian(_data[(int)at..]);

        public ulong? U32(long at) => !Has(at, 4) ? null : bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_data[(int)at..]) : BinaryPrimitives.ReadUInt32LittleEndian(_data[(int)at..]);

        public ulong? U64(long at) => !Has(at, 8) ? null : bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(_data[(int)at..]) : BinaryPrimitives.ReadUInt64LittleEndian(_data[(int)at..]);

        /// <summary>The first value of an entry (BYTE, SHORT, LONG or LONG8): inline where all its values fit, else where its offset points.</summary>
        public ulong? Value(long entry, bool big)
        {
            var type = U16(entry + 2);
            var count = big ? U64(entry + 4) : U32(entry + 4);
            var size = type switch
            {
                1 => 1UL,
                3 => 2UL,
                4 => 4UL,
                16 => 8UL,
                _ => 0UL,
            };
            var inline = entry + (big ? 12 : 8);
            if (size == 0 || count is null or 0)
            {
                return null;
            }

            ulong? at = count.Value <= (big ? 8UL : 4UL) / size ? (ulong)inline : big ? U64(inline) : U32(inline);
            if (at is null || at.Value > (ulong)_data.Length)
            {
                return null;
            }

            return type switch
            {
                1 => Has((long)at.Value, 1) ? _data[(int)at.Value] : null,
                3 => U16((long)at.Value),
                4 => U32((long)at.Value),
                _ => U64((long)at.Value),
            };
        }

        /// <summary>Whether all values of an entry lie within the file.</summary>
        public bool HoldsValues(long entry, bool big)
        {
            var size = U16(entry + 2) switch
            {
                1 or 2 or 6 or 7 => 1UL,
                3 or 8 => 2UL,
                4 or 9 or 11 or 13 => 4UL,
                5 or 10 or 12 or 16 or 17 or 18 => 8UL,
                _ => 0UL,
            };
            var count = big ? U64(entry + 4) : U32(entry + 4);
            var inline = big ? 8UL : 4UL;
            if (size == 0 || count is null || count.Value <= inline / size)
            {
                return true;
            }

            var at = big ? U64(entry + 12) : U32(entry + 8);
            return at is not null && at.Value <= (ulong)_data.Length && count.Value <= ((ulong)_data.Length - at.Value) / size;
        }

        private bool Has(long at, int length) => at >= 0 && at + length <= _data.Length;
    }
}
