using System.Buffers.Binary;

namespace Inspection.Vision.Imaging.Headers;

/// <summary>JPEG (ITU-T T.81): markers FF xx, most with a big-endian length; SOFn holds size and components.</summary>
internal static class JpegHeader
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    /// <summary>Progressive pictures have about ten.</summary>
    private const int MostScans = 500;

    /// <summary>The problem in words, or "".</summary>
    public static string Read(ReadOnlySpan<byte> data, out ImageHeader header)
    {
        header = default;
        var at = 2;
        while (NextMarker(data, ref at, out var marker))
        {
            if (IsStandalone(marker))
            {
                continue;
            }

            if (marker is StartOfScan or EndOfImage)
            {
                return "JPEG has no frame header before its pixels";
            }

            if (at + 2 > data.Length)
            {
                break;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
            if (length < 2)
            {
                return $"JPEG segment FF{marker:X2} at byte {at - 2} has the impossible length {length}";
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return length < 8 || at + length > data.Length ? "JPEG cut off within its frame header" : ReadFrame(data.Slice(at, length), marker, out header);
            }

            at += length;
        }

        return $"JPEG cut off within its header: {data.Length} bytes";
    }

    /// <summary>
    /// Follows the scans to the end-of-image marker: entropy-coded data may hold FF only before 00 or a restart marker, so the end of a
    /// file that was cut off is told without decoding. The problem in words, or "".
    /// </summary>
    public static string Completeness(ReadOnlySpan<byte> data)
    {
        var (at, scans) = (2, 0);
        while (NextMarker(data, ref at, out var marker))
        {
            if (marker == EndOfImage)
            {
                return "";
            }

            if (marker == StartOfScan && ++scans > MostScans)
            {
                return $"JPEG of more than {MostScans} scans: each goes through the whole picture, and no camera or program writes so many";
            }

            if (IsStandalone(marker))
            {
                continue;
            }

            if (at + 2 > data.Length)
            {
                break;
            }

            at += Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(data[at..]));
        }

        return $"JPEG cut off: no end-of-image marker in its {data.Length} bytes";
    }

    private static string ReadFrame(ReadOnlySpan<byte> frame, byte marker, out ImageHeader header)
    {
        var components = frame[7];
        ColourModel? colour = components switch
        {
            1 => ColourModel.Grey,
            3 => ColourModel.Rgb,
            4 => ColourModel.Cmyk,
            _ => null,
        };
        header = default;
        if (colour is null)
        {
            return $"JPEG declares {components} colour components; 1 (grey), 3 (colour) or 4 (CMYK) are known";
        }

        if (marker is not (0xC0 or 0xC1 or 0xC2))
        {
            return $"JPEG of a rare kind (frame type SOF{marker - 0xC0}: lossless, hierarchical or arithmetic); save it as baseline JPEG or PNG";
        }

        header = new ImageHeader(
            ImageFormat.Jpeg,
            BinaryPrimitives.ReadUInt16BigEndian(frame[5..]),
            BinaryPrimitives.ReadUInt16BigEndian(frame[3..]),
            frame[2],
            colour.Value);
        return "";
    }

    /// <summary>Moves behind the next marker; bytes between markers are entropy-coded data (or junk) and are skipped.</summary>
    private static bool NextMarker(ReadOnlySpan<byte> data, ref int at, out byte marker)
    {
        marker = 0;
        while (at < data.Length)
        {
            var found = data[at..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                return false;
            }

            at += found;
            while (at < data.Length && data[at] == 0xFF)
            {
                at++;
            }

            if (at >= data.Length)
            {
                return false;
            }

            marker = data[at++];
            if (marker != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsStandalone(byte marker) => marker is 0x01 or (>= 0xD0 and <= 0xD8);
}
