using Inspection.Audit.Journals;

namespace Inspection.Audit.Bundles;

/// <summary>Stored bytes one after the other, each behind its length as a protobuf varint: any protobuf library reads it.</summary>
internal static class RecordFile
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Most bytes that a record takes in a file, with its length; one too long is cut at export to one byte more than a record may have.</summary>
    public const int MaxFrame = LongestLength + StoredRecord.MaxBytes + 1;

    private const int LongestLength = 5;

    /// <summary>Whether a file of so many bytes can hold so many records, whatever is in them.</summary>
    public static bool CanHold(long bytes, long records) => records >= 0 && bytes >= records && bytes / MaxFrame + (bytes % MaxFrame > 0 ? 1 : 0) <= records;

    public static void Append(Stream file, ReadOnlySpan<byte> record)
    {
        Span<byte> prefix = stackalloc byte[LongestLength];
        var length = (uint)record.Length;
        var used = 0;
        do
        {
            prefix[used++] = (byte)(length > 0x7F ? (length & 0x7F) | 0x80 : length);
            length >>= 7;
        }
        while (length != 0);
        file.Write(prefix[..used]);
        file.Write(record);
    }

    /// <summary>
    /// The records in order. A length that cannot be right gives the rest of the file, at most <see cref="StoredRecord.MaxBytes"/>, as one
    /// last record, with the remark that says so: then even a rest that happens to be whole is not taken for intact.
    /// </summary>
    public static IEnumerable<(byte[] Bytes, string? Remark)> Read(string path)
    {
        using var file = Open(path);
        while (file.Position < file.Length)
        {
            var length = ReadLength(file);
            var left = file.Length - file.Position;
            var isWhole = length >= 0 && length <= Math.Min(left, StoredRecord.MaxBytes);
            var bytes = new byte[isWhole ? length : Math.Min(left, StoredRecord.MaxBytes)];
            file.ReadExactly(bytes);
            yield return (bytes, isWhole ? null : $"the length before it in the file ({length}) does not fit the {left} bytes that follow; the file was changed or cut");
            if (!isWhole)
            {
                yield break;
            }
        }
    }

    /// <summary>What has no bytes is not opened: it might be a pipe or a device, which waits or never ends.</summary>
    public static Stream Open(string path) => new FileInfo(path).Length == 0
        ? Stream.Null
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);

    /// <summary>-1 where it is no length.</summary>
    private static long ReadLength(Stream file)
    {
        var length = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
            {
                return -1;
            }

            length |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return length;
            }
        }

        return -1;
    }
}
