using System.Buffers.Binary;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>The headers of BMP and TIFF, which say by offsets where everything lies.</summary>
internal static class FlatFiles
{
    private static readonly uint[] Values =
        [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 24, 32, 33, 64, 255, 299, 301, 1_000, 20_000, 32_768, 65_535, 1 << 20, 1 << 28, int.MaxValue, 1u << 31, uint.MaxValue - 7, uint.MaxValue];

    /// <summary>What a BMP's first bytes say: where the pixels lie, the header's length, width, height, planes, depth, compression, size, colours.</summary>
    public static byte[] BmpHeader(byte[] file, Random random)
    {
        var broken = (byte[])file.Clone();
        for (var fields = random.Next(1, 3); fields > 0; fields--)
        {
            var at = random.Of([2, 10, 14, 18, 22, 26, 28, 30, 34, 46, 50]);
            if (at is 26 or 28)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(broken.AsSpan(at), (ushort)random.Of(Values));
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(broken.AsSpan(at), random.Of(Values));
            }
        }

        return broken;
    }

    /// <summary>One or two of a TIFF's tags get another type, count, value or name; or its directory lies elsewhere.</summary>
    public static byte[] TiffHeader(byte[] file, Random random)
    {
        var broken = (byte[])file.Clone();
        var directory = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4));
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(directory));
        for (var fields = random.Next(1, 3); fields > 0; fields--)
        {
            var entry = broken.AsSpan(directory + 2 + (12 * random.Next(entries)));
            switch (random.Next(8))
            {
                case 0:
                    BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)random.Of([256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 320, 322, 323, 324, 325, 338, 339, 530]));
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)random.Next(0, 19));
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], random.Of(Values));
                    break;
                case 3:
                    BinaryPrimitives.WriteUInt32LittleEndian(broken.AsSpan(4), random.Of(Values));
                    break;
                default:
                    BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], random.Of(Values));
                    break;
            }
        }

        return broken;
    }

    /// <summary>Every entry of the directory, and its own ends; the last bytes.</summary>
    public static IEnumerable<int> TiffJoints(byte[] file)
    {
        var directory = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4));
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(directory));
        return Enumerable.Range(0, entries + 2).Select(i => directory + 2 + (12 * i)).Concat([4, 7, 8, directory - 1, directory, directory + 1, file.Length - 1]);
    }

    public static IEnumerable<int> BmpJoints(byte[] file) => [1, 2, 10, 13, 14, 17, 18, 26, 30, 53, 54, 55, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(10)), file.Length - 1, file.Length - 2];
}
