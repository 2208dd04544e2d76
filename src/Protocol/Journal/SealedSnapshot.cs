namespace Inspection.Protocol;

/// <summary>
/// A snapshot as it is stored (rule V6): opaque bytes that the serializer passes through both ways. Whoever takes it decides what is
/// inside, and checks it against the chain's hash at its sequence.
/// </summary>
public sealed record SealedSnapshot(ReadOnlyMemory<byte> Bytes)
{
    public const string Manifest = "SN";

    public bool Equals(SealedSnapshot? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode() => Bytes.Length;
}
