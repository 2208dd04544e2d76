using Akka.Actor;
using Akka.Serialization;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Serialization;

/// <summary>
/// Carries commands, replies and queries between nodes in the wire form of <see cref="ProtocolCodec"/>. Events are not bound on purpose:
/// with strict serialization an actor that persists one without sealing it is refused (rule J1).
/// </summary>
public sealed class ProtocolSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Sent with every message; never changes.</summary>
    public const int SerializerId = 4710;

    public static IReadOnlyList<Type> BoundTypes { get; } = [.. ProtocolCodec.KnownTypes.Where(t => !typeof(ILineEvent).IsAssignableFrom(t))];

    public override int Identifier => SerializerId;

    public override string Manifest(object o) => ProtocolCodec.ManifestOf(o);

    public override byte[] ToBinary(object obj) => ProtocolCodec.Encode(obj);

    public override object FromBinary(byte[] bytes, string manifest) => ProtocolCodec.Decode(manifest, bytes);
}
