namespace Inspection.Protocol;

/// <summary>
/// Rule J1: the only thing an actor persists. <paramref name="Bytes"/> were encoded beforehand, with the previous hash inside; the
/// serializer passes them through both ways, so what is hashed is what is stored.
/// </summary>
public sealed record Sealed(string Manifest, ReadOnlyMemory<byte> Bytes)
{
    public bool Equals(Sealed? other) => other is not null && Manifest == other.Manifest && Bytes.Span.SequenceEqual(other.Bytes.Span);

    public override int GetHashCode() => HashCode.Combine(Manifest, Bytes.Length);
}

/// <summary>One record of a line's chain, decoded. Its hash is SHA-256 over the stored bytes.</summary>
public sealed record ChainRecord(LineId Line, long Sequence, Digest Previous, string Manifest, ILineEvent Event, Digest Hash);
