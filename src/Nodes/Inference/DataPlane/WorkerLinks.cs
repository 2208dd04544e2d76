using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>
/// A worker node's links, one a sensor node, and the credit split over them. Connects only when this node's workers have opened their
/// sessions, so that no frame waits for a model to load. Its own node's frames need no link: they are handed over in this process.
/// </summary>
public sealed class WorkerLinks : UntypedActor, IWithTimers
{
    private readonly WorkerLinksOptions _options;
    private readonly InferenceWorkers _workers;
    private readonly WorkerNode _node;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SortedDictionary<string, LinkMessages.SensorAppeared> _sensors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, WorkerLink> _links = new(StringComparer.Ordinal);
    private readonly List<IActorRef> _drainers = [];
    private bool _ready;
    private bool _drained;

    public WorkerLinks(WorkerLinksOptions options, NodeId self, WorkerModels models, InferenceWorkers workers, IActorRef dispatcher, MonotonicClock clock, uint protocolVersion)
    {
        (_options, _workers) = (options.Validate(), workers);
        var room = new WorkerRoom(workers.CoarseSessions + 1 + options.SpareTensors, models.LargestTensor, workers.VerifySessions + 1 + options.SpareCrops, options.CropBytes);
        _node = new WorkerNode(self, dispatcher, models, room, new WorkPool(), clock, protocolVersion);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="self">This node, as sensor nodes will know it.</param>
    /// <param name="workers">Of this node; see <see cref="InferenceHosting"/>.</param>
    /// <param name="dispatcher">The node's own work dispatcher, which the workers pull from.</param>
    /// <param name="protocolVersion">Another than this release's only in tests.</param>
    public static Props Props(WorkerLinksOptions options, NodeId self, WorkerModels models, InferenceWorkers workers, IActorRef dispatcher, MonotonicClock clock, uint protocolVersion = FrameContract.ProtocolVersion) =>
        Akka.Actor.Props.Create(() => new WorkerLinks(options, self, models, workers, dispatcher, clock, protocolVersion));

    protected override void PreStart() => _ = _workers.Ready.PipeTo(Self, success: () => Opened.Instance);

    protected override void PostStop()
    {
        foreach (var link in _links.Values)
        {
            link.Close();
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LinkMessages.SensorAppeared x when x.Node != _node.Self:
                _sensors[x.Node.Value] = x;
                Connect();
                break;
            case LinkMessages.SensorAppeared:
                break;
            case LinkMessages.SensorLeft x:
                _ = _sensors.Remove(x.Node.Value);
                Connect();
                break;
            case Opened:
                _ready = true;
                Connect();
                break;
            case LinkMessages.Drain:
                Drain();
                break;
            case DrainOver x:
                Over(x.Complete);
                break;
            case LinkMessages.GetLinks:
                Sender.Tell(new LinkMessages.Links([.. _links.Values.Select(StatusOf)]));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Makes the links what the known sensor nodes ask for, and splits the credit anew.</summary>
    private void Connect()
    {
        if (!_ready || _drainers.Count > 0 || _drained)
        {
            return;
        }

        foreach (var (name, link) in _links.ToArray())
        {
            if (!_sensors.TryGetValue(name, out var sensor) || !link.LeadsTo(sensor.Host, sensor.Port))
            {
                link.Close();
                _ = _links.Remove(name);
            }
        }

        foreach (var (name, sensor) in _sensors)
        {
            if (!_links.ContainsKey(name))
            {
                _links[name] = new WorkerLink(_node, _options, sensor.Node, sensor.Host, sensor.Port, _log);
            }
        }

        var index = 0;
        foreach (var link in _links.Values)
        {
            link.Share(CreditShare.Of(_workers.CoarseSessions, _links.Count, index), CreditShare.Of(_workers.VerifySessions, _links.Count, index));
            index++;
        }
    }

    private void Drain()
    {
        if (_drained)
        {
            Sender.Tell(new LinkMessages.Drained(true));
            return;
        }

        _drainers.Add(Sender);
        if (_drainers.Count > 1)
        {
            return;
        }

        foreach (var link in _links.Values)
        {
            link.Drain();
        }

        _ = Task.WhenAll(_links.Values.Select(l => l.Ended)).PipeTo(Self, success: () => new DrainOver(true));
        Timers.StartSingleTimer("drain", new DrainOver(false), _options.DrainTimeout);
    }

    private void Over(bool complete)
    {
        if (_drained)
        {
            return;
        }

        _drained = true;
        Timers.Cancel("drain");
        foreach (var link in _links.Values.Where(l => !l.Ended.IsCompleted))
        {
            _log.Warning("sensor node {Sensor} still had {InHand} frames here when the time to drain was over", link.Sensor, link.State.InHand);
            link.Close();
        }

        _links.Clear();
        _drainers.ForEach(d => d.Tell(new LinkMessages.Drained(complete)));
        _drainers.Clear();
    }

    private static LinkMessages.LinkStatus StatusOf(WorkerLink link)
    {
        var (connected, inHand, trouble) = link.State;
        return new LinkMessages.LinkStatus(link.Sensor, connected, inHand, trouble);
    }

    private sealed record DrainOver(bool Complete) : INoSerializationVerificationNeeded;

    private sealed class Opened : INoSerializationVerificationNeeded
    {
        public static readonly Opened Instance = new();
    }
}
