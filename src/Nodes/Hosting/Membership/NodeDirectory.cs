using System.Collections.Immutable;
using Akka.Actor;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Membership;

/// <summary>A member of the cluster that said who it is.</summary>
/// <param name="Address">Where Akka reaches it.</param>
/// <param name="Roles">Of <see cref="Nodes.NodeRoles"/>.</param>
/// <param name="ClockOffset">Its wall clock less this node's, when it answered.</param>
public sealed record KnownNode(NodeMessages.NodeIdentity Identity, Address Address, ImmutableHashSet<string> Roles, TimeSpan ClockOffset);

/// <summary>To whoever subscribed at the node's agent: a member said who it is.</summary>
public sealed record NodeAppeared(KnownNode Node) : INoSerializationVerificationNeeded;

/// <summary>A member is gone from the cluster (not: unreachable for a while).</summary>
public sealed record NodeLeft(KnownNode Node) : INoSerializationVerificationNeeded;

/// <summary>Asks the agent for <see cref="NodeAppeared"/> of all it knows and will know, and for <see cref="NodeLeft"/>.</summary>
public sealed record SubscribeNodes(IActorRef Subscriber) : INoSerializationVerificationNeeded;

/// <summary>What an agent knows of the cluster, for status; any thread.</summary>
public sealed class NodeDirectory
{
    private ImmutableDictionary<Address, KnownNode> _nodes = ImmutableDictionary<Address, KnownNode>.Empty;

    public PingTimes Pings { get; } = new();

    public IReadOnlyCollection<KnownNode> Nodes => [.. Volatile.Read(ref _nodes).Values];

    public KnownNode? At(Address address) => Volatile.Read(ref _nodes).GetValueOrDefault(address);

    internal void Set(KnownNode node) => Volatile.Write(ref _nodes, _nodes.SetItem(node.Address, node));

    internal void Remove(Address address) => Volatile.Write(ref _nodes, _nodes.Remove(address));
}
