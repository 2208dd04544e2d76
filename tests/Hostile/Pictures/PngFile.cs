using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>A PNG as its chunks, put together again with correct checksums, so that only what was meant is wrong.</summary>
internal static class PngFile
{
    private static readonly uint[] Sizes = [0, 1, 2, 16, 299, 301, 600, 4_000, 32_767, 32_768, 65_535, 1 << 20, int.MaxValue, 1u << 31, uint.MaxValue];
    private static readonly byte[] Bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 32, 64, 127, 128, 255];

    public static List<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        var chunks = new List<(string, byte[])>();
        for (var at = 8; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((Encoding.Latin1.GetString(file, at + 4, 4), file.AsSpan(at + 8, length).ToArray()));
            at += 12 + length;
        }

        return chunks;
    }

    public static byte[] Join(IEnumerable<(string Type, byte[] Data)> chunks)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        Span<byte> number = stackalloc byte[4];
        foreach (var (type, data) in chunks)
        {
            byte[] named = [.. Encoding.Latin1.GetBytes(type), .. data];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(named);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
            file.Write(number);
        }

        return file.ToArray();
    }

    /// <summary>Every boundary between chunks, and one byte to either side.</summary>
    public static IEnumerable<int> Joints(byte[] file)
    {
        var at = 8;
        foreach (var (_, data) in Chunks(file))
        {
            foreach (var place in (int[])[at - 1, at, at + 1, at + 4, at + 8, at + 8 + data.Length])
            {
                yield return place;
            }

            at += 12 + data.Length;
        }

        yield return file.Length - 1;
    }

    /// <summary>One or two fields of the header say something else, under a correct checksum.</summary>
    public static byte[] Header(byte[] file, Random random)
    {
        var chunks = Chunks(file);
        var header = chunks[0].Data;
        for (var fields = random.Next(1, 3); fields > 0; fields--)
        {
            switch (random.Next(3))
            {
                case 0:
                    BinaryPrimitives.WriteUInt32BigEndian(header, random.Of(Sizes));
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), random.Of(Sizes));
                    break;
                default:
                    header[8 + random.Next(5)] = random.Of(Bytes);
                    break;
            }
        }

        return Join(chunks);
    }

    /// <summary>Chunks lost, doubled, swapped, unknown, of a wrong length or out of their order; pixels that are no zlib stream, or not all of one.</summary>
    public static byte[] Structure(byte[] file, Random random)
    {
        var chunks = Chunks(file);
        var any = random.Next(chunks.Count);
        switch (random.Next(9))
        {
            case 0:
                chunks.RemoveAt(any);
                break;
            case 1:
                chunks.Insert(random.Next(chunks.Count + 1), chunks[any]);
                break;
            case 2:
                (chunks[0], chunks[^1]) = (chunks[^1], chunks[0]);
                break;
            case 3:
                chunks.Insert(1, ("XYZW", new byte[random.Next(64)]));
                break;
            case 4:
                var lengths = Join(chunks);
                BinaryPrimitives.WriteUInt32BigEndian(lengths.AsSpan(Joint(chunks, any)), random.Of(Sizes));
                return lengths;
            case 5:
                var pixels = chunks.FindIndex(c => c.Type == "IDAT");
                chunks[pixels] = ("IDAT", AnyFile.Shift(chunks[pixels].Data, random));
                break;
            case 6:
                var rows = Unpack(chunks);
                return Join([chunks[0], ("IDAT", Pack(rows.AsSpan(0, rows.Length * random.Next(0, 100) / 100))), ("IEND", [])]);
            case 7:
                chunks[0] = ("IHDR", [.. chunks[0].Data, .. new byte[random.Next(1, 20)]]);
                break;
            default:
                chunks.Insert(1, ("PLTE", new byte[random.Next(1, 1000)]));
                chunks[0].Data[9] = 3;
                break;
        }

        return Join(chunks);
    }

    /// <summary>A picture of one value: as small a file as its size allows.</summary>
    /// <param name="colour">PNG's colour type: 0 grey, 2 RGB.</param>
    public static byte[] Flat(int width, int height, byte colour, byte[]? text = null)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, colour);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (width * (colour == 0 ? 1 : 3))];
            for (var y = 0; y < height; y++)
            {
                zlib.Write(row);
            }
        }

        return Join([("IHDR", header), .. text is null ? [] : ((string, byte[])[])[("zTXt", text)], ("IDAT", packed.ToArray()), ("IEND", [])]);
    }

    /// <summary>So many zeros, packed.</summary>
    public static byte[] Zeros(long count)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var block = new byte[1 << 16];
            for (var left = count; left > 0; left -= block.Length)
            {
                zlib.Write(block.AsSpan(0, (int)Math.Min(left, block.Length)));
            }
        }

        return packed.ToArray();
    }

    private static int Joint(List<(string Type, byte[] Data)> chunks, int index) => 8 + chunks.Take(index).Sum(c => 12 + c.Data.Length);

    private static byte[] Unpack(List<(string Type, byte[] Data)> chunks)
    {
        using var packed = new MemoryStream([.. chunks.Where(c => c.Type == "IDAT").SelectMany(c => c.Data)]);
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        using var rows = new MemoryStream();
        zlib.CopyTo(rows);
        return rows.ToArray();
    }

    private static byte[] Pack(ReadOnlySpan<byte> rows)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return packed.ToArray();
    }

    /// <summary>CRC-32 as PNG wants it, of its own: the product has one, too.</summary>
    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
