using System.Runtime.InteropServices;

namespace Inspection.Nodes.Hosting.Serialization;

/// <summary>Bytes as Akka wants them (an array) without a copy where they already are one.</summary>
internal static class StoredBytes
{
    public static byte[] Of(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count
            ? array
            : bytes.ToArray();
}
