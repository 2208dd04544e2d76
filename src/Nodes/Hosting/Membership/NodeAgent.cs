using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Membership;

/// <summary>
/// One a node, at <see cref="Path"/>: says who this node is, asks every member who it is, and tells the subscribers (rule W1: the data plane's
/// address goes through the cluster). Finds what must not be: two nodes of one id, a plant file that differs, clocks that differ.
/// </summary>
public sealed class NodeAgent : UntypedActor, IWithTimers
{
    public const string Name = "node-agent";

    /// <summary>Clocks that differ by more are named to people; no decision reads them (rule L4).</summary>
    public static readonly TimeSpan LargestClockOffset = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PingEvery = TimeSpan.FromMilliseconds(200);

    private readonly Func<NodeMessages.NodeIdentity> _self;
    private readonly Func<bool> _isComplete;
    private readonly NodeDirectory _directory;
    private readonly Action<string> _mustEnd;
    private readonly MonotonicClock _clock;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<Address, Member> _unknown = [];
    private readonly HashSet<IActorRef> _subscribers = [];

    public NodeAgent(Func<NodeMessages.NodeIdentity> self, Func<bool> isComplete, NodeDirectory directory, MonotonicClock clock, Action<string> mustEnd)
    {
        (_self, _isComplete, _directory, _clock, _mustEnd) = (self, isComplete, directory, clock, mustEnd);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="self">Who this node is.</param>
    /// <param name="isComplete">Whether it knows all of that; before, nobody is answered, and asks again.</param>
    /// <param name="directory">Where what is known is kept.</param>
    /// <param name="mustEnd">Called where this node may not stay, with why: for people, what, where, what to do.</param>
    public static Props Props(Func<NodeMessages.NodeIdentity> self, Func<bool> isComplete, NodeDirectory directory, MonotonicClock clock, Action<string> mustEnd) =>
        Akka.Actor.Props.Create(() => new NodeAgent(self, isComplete, directory, clock, mustEnd));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer("ask", AskUnknown.Instance, AskAgain);
        Timers.StartPeriodicTimer("ping", PingAll.Instance, PingEvery);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeMessages.GetNodeIdentity:
                if (_isComplete())
                {
                    Sender.Tell(_self());
                }

                break;
            case NodeMessages.NodeIdentity x:
                Known(x, Sender.Path.Address);
                break;
            case ClusterEvent.MemberRemoved x:
                Gone(x.Member.Address);
                break;
            case ClusterEvent.IMemberEvent { Member: { Status: MemberStatus.Up or MemberStatus.WeaklyUp } member }:
                Ask(member);
                break;
            case ClusterEvent.IMemberEvent:
                break;
            case NodeMessages.Ping x:
                Sender.Tell(new NodeMessages.Pong(_self().Node, x.Stamp));
                break;
            case NodeMessages.Pong x:
                _directory.Pings.Add(_clock.Now - TimeSpan.FromTicks(x.Stamp));
                break;
            case PingAll:
                foreach (var node in _directory.Nodes)
                {
                    if (node.Address != _cluster.SelfAddress)
                    {
                        Agent(node.Address).Tell(new NodeMessages.Ping(_self().Node, _clock.Now.Ticks));
                    }
                }

                break;
            case AskUnknown:
                foreach (var member in _unknown.Values)
                {
                    Ask(member);
                }

                break;
            case SubscribeNodes x:
                _ = Context.Watch(x.Subscriber);
                _ = _subscribers.Add(x.Subscriber);
                foreach (var node in _directory.Nodes)
                {
                    x.Subscriber.Tell(new NodeAppeared(node));
                }

                break;
            case Terminated x:
                _ = _subscribers.Remove(x.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask(Member member)
    {
        if (_directory.At(member.Address) is not null)
        {
            return;
        }

        _unknown[member.Address] = member;
        Agent(member.Address).Tell(new NodeMessages.GetNodeIdentity(_self().Node));
    }

    private static ActorSelection Agent(Address address) => Context.ActorSelection(new RootActorPath(address) / "user" / Name);

    private void Known(NodeMessages.NodeIdentity identity, Address from)
    {
        var address = from.HasLocalScope ? _cluster.SelfAddress : from;
        if (!_unknown.Remove(address, out var member))
        {
            return;
        }

        var self = _self();
        var offset = new DateTime(identity.UtcTicks, DateTimeKind.Utc) - _clock.Utc;
        var known = new KnownNode(identity, address, member.Roles, offset);
        if (address != _cluster.SelfAddress && !IsInOrder(known, member, self))
        {
            return;
        }

        _directory.Set(known);
        foreach (var subscriber in _subscribers)
        {
            subscriber.Tell(new NodeAppeared(known));
        }
    }

    private bool IsInOrder(KnownNode other, Member member, NodeMessages.NodeIdentity self)
    {
        if (other.ClockOffset.Duration() > LargestClockOffset)
        {
            // rule L4: no decision reads it, but records carry it
            _log.Warning("the clock of node {Node} differs by {Offset}; decisions do not use it, but the journal's times do: set it right (NTP)", other.Identity.Node, other.ClockOffset);
        }

        if (other.Identity.Node == self.Node)
        {
            _log.Error("node id '{Node}' is used twice: here and at {Address}; the younger of the two ends itself", self.Node, other.Address);
            if (member.IsOlderThan(_cluster.SelfMember))
            {
                _mustEnd($"node id '{self.Node}' belongs to another node already, at {other.Address}: give this one an id of its own (id in the node file)");
            }

            return false;
        }

        if (other.Identity.Plant != self.Plant)
        {
            _log.Error("node {Node} at {Address} reads another plant file ({Theirs}; here {Ours}); the younger of the two ends itself", other.Identity.Node, other.Address, other.Identity.Plant.Short, self.Plant.Short);
            if (member.IsOlderThan(_cluster.SelfMember))
            {
                _mustEnd($"the plant file differs from that of node {other.Identity.Node} ({self.Plant.Short} here, {other.Identity.Plant.Short} there): give all nodes the same file and start this one again");
            }

            return false;
        }

        return true;
    }

    private void Gone(Address address)
    {
        _ = _unknown.Remove(address);
        if (_directory.At(address) is not { } node)
        {
            return;
        }

        _directory.Remove(address);
        foreach (var subscriber in _subscribers)
        {
            subscriber.Tell(new NodeLeft(node));
        }
    }

    private sealed class PingAll : INoSerializationVerificationNeeded
    {
        public static readonly PingAll Instance = new();
    }

    private sealed class AskUnknown : INoSerializationVerificationNeeded
    {
        public static readonly AskUnknown Instance = new();
    }
}
