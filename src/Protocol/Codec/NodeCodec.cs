using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

/// <summary>Manifests (N..) and wire forms of what nodes say about themselves.</summary>
internal static class NodeCodec
{
    public static MessageEntry[] Entries { get; } =
    [
        MessageEntry.Of<NodeMessages.GetNodeIdentity, Wire.GetNodeIdentity>(
            "NGI",
            Wire.GetNodeIdentity.Parser,
            m => new() { Asker = Name(m.Asker) },
            w => new(new NodeId(w.Asker))),
        MessageEntry.Of<NodeMessages.Ping, Wire.Ping>(
            "NPI",
            Wire.Ping.Parser,
            m => new() { From = Name(m.From), Stamp = m.Stamp },
            w => new(new NodeId(w.From), w.Stamp)),
        MessageEntry.Of<NodeMessages.Pong, Wire.Pong>(
            "NPO",
            Wire.Pong.Parser,
            m => new() { From = Name(m.From), Stamp = m.Stamp },
            w => new(new NodeId(w.From), w.Stamp)),
        MessageEntry.Of<NodeMessages.NodeIdentity, Wire.NodeIdentity>(
            "NID",
            Wire.NodeIdentity.Parser,
            m => new()
            {
                Node = Name(m.Node),
                Incarnation = m.Incarnation,
                Protocol = m.Protocol,
                Plant = Bytes(m.Plant),
                Http = m.Http,
                DataPlane = m.DataPlane,
                UtcTicks = m.UtcTicks,
            },
            w => new(new NodeId(w.Node), w.Incarnation, w.Protocol, Digest(w.Plant), w.Http, w.DataPlane, w.UtcTicks)),
    ];
}
