using System.Buffers.Binary;
using System.Text;

namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>Hand-made files that no camera should send, byte by byte.</summary>
internal static class Pictures
{
    /// <summary>PNG's colour types.</summary>
    private const byte Grey = 0, Rgb = 2;

    private static readonly byte[] PngMagic = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>An RGB PNG whose header says so much, with hardly any data behind.</summary>
    public static byte[] PngHeader(int width, int height) => Png(width, height, 8, Rgb, [0]);

    /// <summary>A sound grey PNG of 16 bits a sample.</summary>
    public static byte[] Png16(int side)
    {
        var rows = new byte[side * (1 + (2 * side))];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = i % (1 + (2 * side)) == 0 ? (byte)0 : (byte)(i * 7);
        }

        return Png(side, side, 16, Grey, rows);
    }

    /// <summary>A JPEG frame header with four components and Adobe's marker: CMYK, as print programs write it.</summary>
    public static byte[] CmykJpeg(int side)
    {
        var file = new List<byte> { 0xFF, 0xD8 };
        file.AddRange([0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]);
        file.AddRange([0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)]);
        file.AddRange([0xFF, 0xC0, 0, 20, 8, (byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]);

        // one code of one bit for DC (category 0) and one for AC (end of block): every block is flat grey
        file.AddRange([0xFF, 0xC4, 0, 20, 0x00, 1, .. new byte[15], 0]);
        file.AddRange([0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0]);
        file.AddRange([0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
        file.AddRange(new byte[(side / 8 * (side / 8) * 4 * 2 / 8) + 1]);
        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }

    private static byte[] Png(int width, int height, byte bits, byte colour, byte[] rows)
    {
        using var file = new MemoryStream();
        file.Write(PngMagic);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colour);
        Chunk(file, "IHDR", header);
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, string name, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        file.Write(number);
    }

    /// <summary>CRC-32 as PNG wants it, bit by bit: the files are small.</summary>
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
