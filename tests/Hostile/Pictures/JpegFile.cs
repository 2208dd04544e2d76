using System.Buffers.Binary;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>A JPEG as its segments up to the first scan.</summary>
internal static class JpegFile
{
    private const byte Sos = 0xDA;
    private static readonly int[] Sizes = [0, 1, 7, 8, 9, 16, 100, 500, 1_024, 8_192, 32_768, 65_500, 65_535];
    private static readonly byte[] Frames = [0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF];

    /// <summary>Marker, place of its FF, and bytes from there to the next; the last one is the scan's header.</summary>
    public static List<(byte Marker, int At, int Length)> Segments(byte[] file)
    {
        var segments = new List<(byte, int, int)>();
        for (var at = 2; at + 4 <= file.Length;)
        {
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            segments.Add((file[at + 1], at, length));
            if (file[at + 1] == Sos)
            {
                break;
            }

            at += length;
        }

        return segments;
    }

    /// <summary>Every boundary between segments, and one byte to either side; the first of the pixels, and the last bytes.</summary>
    public static IEnumerable<int> Joints(byte[] file) => Segments(file)
        .SelectMany(s => (int[])[s.At - 1, s.At, s.At + 1, s.At + 3, s.At + s.Length])
        .Concat([file.Length - 1, file.Length - 2, file.Length - 3]);

    /// <summary>Size, depth, components, sampling or kind of the frame; tables' numbers; the restart interval; the scan's own header.</summary>
    public static byte[] Header(byte[] file, Random random)
    {
        var broken = (byte[])file.Clone();
        var segments = Segments(file);
        for (var fields = random.Next(1, 3); fields > 0; fields--)
        {
            var frame = segments.First(s => s.Marker is 0xC0 or 0xC1 or 0xC2).At;
            switch (random.Next(8))
            {
                case 0:
                    BinaryPrimitives.WriteUInt16BigEndian(broken.AsSpan(frame + 5), (ushort)random.Of(Sizes));
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt16BigEndian(broken.AsSpan(frame + 7), (ushort)random.Of(Sizes));
                    break;
                case 2:
                    broken[frame + 4] = (byte)random.Next(256);
                    break;
                case 3:
                    broken[frame + 9 + random.Next(4)] = (byte)random.Next(256);
                    break;
                case 4:
                    broken[frame + 1] = random.Of(Frames);
                    break;
                case 5:
                    var (_, at, length) = random.Of([.. segments.Where(s => s.Marker is 0xC4 or 0xDB)]);
                    broken[at + 4 + random.Next(length - 4)] = (byte)random.Next(256);
                    break;
                case 6:
                    var scan = segments[^1];
                    broken[scan.At + 4 + random.Next(scan.Length - 4)] = (byte)random.Next(256);
                    break;
                default:
                    byte[] restart = [0xFF, 0xDD, 0, 4, (byte)random.Next(256), (byte)random.Next(256)];
                    broken = [.. broken[..segments[^1].At], .. restart, .. broken[segments[^1].At..]];
                    break;
            }
        }

        return broken;
    }

    /// <summary>Segments lost, doubled, cut, swapped, of a wrong length; markers in the middle of the pixels; a second picture within the first.</summary>
    public static byte[] Structure(byte[] file, Random random)
    {
        var segments = Segments(file);
        var (_, at, length) = random.Of(segments);
        var pixels = segments[^1].At + segments[^1].Length;
        switch (random.Next(6))
        {
            case 0:
                return [.. file[..at], .. file[(at + length)..]];
            case 1:
                return [.. file[..(at + length)], .. file[at..]];
            case 2:
                var lengths = (byte[])file.Clone();
                BinaryPrimitives.WriteUInt16BigEndian(lengths.AsSpan(at + 2), (ushort)random.Of(Sizes));
                return lengths;
            case 3:
                var marked = (byte[])file.Clone();
                var place = random.Next(pixels, file.Length - 1);
                (marked[place], marked[place + 1]) = (0xFF, (byte)random.Next(0xC0, 0xFF));
                return marked;
            case 4:
                return [.. file[..random.Next(pixels, file.Length)], .. file];
            default:
                return [.. file[..random.Next(pixels, file.Length)], 0xFF, 0xD9];
        }
    }

    /// <summary>A progressive picture whose coefficients are said again and again: a small file, and each scan goes through the whole picture.</summary>
    public static byte[] ManyScans(int side, int scans)
    {
        var file = new List<byte> { 0xFF, 0xD8 };
        file.AddRange([0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)]);
        file.AddRange([0xFF, 0xC2, 0, 11, 8, (byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side, 1, 1, 0x11, 0]);
        file.AddRange([0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 0]); // DC: one code, difference 0
        file.AddRange([0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0xE0]); // AC: one code, the longest run of empty blocks
        file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0x00, 0, 0, 0, .. new byte[(((side / 8) + 1) * ((side / 8) + 1) / 8) + 1]]);
        var blocks = ((side + 7) / 8) * ((side + 7) / 8);
        for (var scan = 0; scan < scans; scan++)
        {
            file.AddRange([0xFF, 0xDA, 0, 8, 1, 1, 0x00, 1, 63, 0, .. new byte[((blocks / 16384) + 1) * 2]]);
        }

        return [.. file, 0xFF, 0xD9];
    }
}
