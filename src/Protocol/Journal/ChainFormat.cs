using System.Security.Cryptography;
using Google.Protobuf;

namespace Inspection.Protocol;

/// <summary>The stored bytes of one record: a JournalRecord whose last field is SHA-256 over all bytes before it.</summary>
internal static class ChainFormat
{
    public const uint Current = 1;

    /// <summary>Tag and length of field 15 (bytes, 32 long).</summary>
    private const byte CheckTag = (Wire.JournalRecord.CheckFieldNumber << 3) | 2;

    private const int CheckRoom = 2 + Digest.Length;

    public static byte[] Write(LineId line, long sequence, Digest previous, string manifest, byte[] eventBytes)
    {
        var record = new Wire.JournalRecord
        {
            Format = Current,
            Line = line.Value,
            Sequence = sequence,
            Previous = UnsafeByteOperations.UnsafeWrap(previous.ToArray()),
            Manifest = manifest,
            Event = UnsafeByteOperations.UnsafeWrap(eventBytes),
        };
        var size = record.CalculateSize();
        var bytes = new byte[size + CheckRoom];
        record.WriteTo(bytes.AsSpan(0, size));
        bytes[size] = CheckTag;
        bytes[size + 1] = Digest.Length;
        _ = SHA256.HashData(bytes.AsSpan(0, size), bytes.AsSpan(size + 2));
        return bytes;
    }

    /// <summary>Whether the record's own check agrees with its bytes.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length - CheckRoom;
        return size > 0
            && bytes[size] == CheckTag
            && bytes[size + 1] == Digest.Length
            && Digest.Of(bytes[..size]) == new Digest(bytes[(size + 2)..]);
    }
}
