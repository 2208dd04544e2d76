using Google.Protobuf;
using Inspection.Protocol;
using Inspection.Protocol.Wire;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>Which packages a worker has ready and which it could load (rule W4).</summary>
/// <param name="Held">Ready to run.</param>
/// <param name="Loadable">At hand.</param>
/// <param name="Unavailable">Packages it cannot load, and why, for people.</param>
internal sealed record WorkerPackages(IReadOnlySet<Digest> Held, IReadOnlySet<Digest> Loadable, IReadOnlyList<string> Unavailable)
{
    /// <exception cref="ArgumentException">A digest is none.</exception>
    public static WorkerPackages Read(Packages? wire) => wire is null
        ? new WorkerPackages(new HashSet<Digest>(), new HashSet<Digest>(), [])
        : new WorkerPackages(Digests(wire.CoarseHeld, wire.VerifiersHeld), Digests(wire.CoarseLoadable, wire.VerifiersLoadable), [.. wire.Unavailable]);

    private static HashSet<Digest> Digests(IEnumerable<ByteString> coarse, IEnumerable<ByteString> verifiers) =>
        [.. coarse.Concat(verifiers).Select(DataPlaneValues.FromWire)];
}
