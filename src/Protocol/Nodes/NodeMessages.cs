namespace Inspection.Protocol;

/// <summary>What one node tells another about itself, whatever line it serves.</summary>
public interface INodeMessage;

/// <summary>How nodes get to know each other: each node's agent asks every member once, and again after it returned.</summary>
public static class NodeMessages
{
    /// <summary>Raised with any change that an older node would misread; nodes of two versions do not join each other.</summary>
    public const int ProtocolVersion = 1;

    public sealed record GetNodeIdentity(NodeId Asker) : INodeMessage;

    /// <summary>How long a small message takes there and back; <paramref name="Stamp"/> is the asker's own and comes back as it is.</summary>
    public sealed record Ping(NodeId From, long Stamp) : INodeMessage;

    public sealed record Pong(NodeId From, long Stamp) : INodeMessage;

    /// <param name="Node">Unique in the cluster.</param>
    /// <param name="Incarnation">Differs between any two starts.</param>
    /// <param name="Protocol"><see cref="ProtocolVersion"/> of the node.</param>
    /// <param name="Plant">SHA-256 over the plant file's text: all nodes of a plant read the same.</param>
    /// <param name="Http">host:port of health, metrics and status.</param>
    /// <param name="DataPlane">host:port of the frame service; empty where the node has no cameras.</param>
    /// <param name="UtcTicks">The node's wall clock when it answered.</param>
    public sealed record NodeIdentity(NodeId Node, string Incarnation, int Protocol, Digest Plant, string Http, string DataPlane, long UtcTicks) : INodeMessage;
}
