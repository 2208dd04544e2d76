using Akka.Actor;
using Akka.Serialization;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Serialization;

/// <summary>
/// Rule J1: what is persisted is stored as it is. Manifest and bytes pass through both ways; checking them against the chain is the
/// reader's work (<see cref="ChainReader"/>), so that a damaged record is named and not merely undecodable.
/// </summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stored beside every record; never changes.</summary>
    public const int SerializerId = StoredForm.SerializerId;

    public static IReadOnlyList<Type> BoundTypes { get; } = [typeof(Sealed), typeof(SealedSnapshot)];

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => o switch
    {
        Sealed record => record.Manifest,
        SealedSnapshot => SealedSnapshot.Manifest,
        _ => throw NotStored(o),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Sealed record => StoredBytes.Of(record.Bytes),
        SealedSnapshot snapshot => StoredBytes.Of(snapshot.Bytes),
        _ => throw NotStored(obj),
    };

    public override object FromBinary(byte[] bytes, string manifest) =>
        manifest == SealedSnapshot.Manifest ? new SealedSnapshot(bytes) : new Sealed(manifest, bytes);

    private static ProtocolException NotStored(object o) =>
        new($"{o.GetType()} cannot be persisted: seal it first (ChainWriter.Seal), so that the stored bytes are the hashed bytes");
}
