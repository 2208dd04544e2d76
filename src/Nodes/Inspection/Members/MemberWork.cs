using System.Globalization;
using System.Net;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Inspection.Embedded;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Nodes.Sensor;
using Inspection.Nodes.Sensor.Archive;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>What a node does in its roles: it opens its models before it joins, and works from the moment it is up until it drains.</summary>
internal sealed class MemberWork : IAsyncDisposable
{
    /// <summary>What is open has its deadline to be concluded, and a commit; a station that still isn't idle ends with an unknown tail.</summary>
    private static readonly TimeSpan DrainSlack = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Rule W1: a session of this process that takes so long will not come back.</summary>
    private static readonly TimeSpan SessionOverrun = TimeSpan.FromSeconds(30);

    private readonly NodeState _state;
    private readonly ClusterMember _member;
    private readonly IJournalProbe? _probe;
    private readonly PlantModels _models;
    private readonly NodeMetrics _metrics = new();
    private readonly TaskCompletionSource _stationsFinished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef? _dispatcher;
    private InferenceWorkers? _workers;
    private IActorRef? _stations;
    private IActorRef? _links;
    private bool _served;
    private FrameServer? _frames;
    private FrameArchivist? _archivist;

    private MemberWork(NodeState state, ClusterMember member, PlantModels models, IJournalProbe? probe)
    {
        _state = state;
        _member = member;
        _models = models;
        _probe = probe;
    }

    /// <summary>Digests of the packages that this node's workers hold.</summary>
    public IReadOnlyList<string> Models => _state.Works
        ? [.. _models.All.SelectMany(m => new[] { m.Coarse.Package.ToString(), m.Verifier?.Package.ToString() ?? "" }).Where(d => d.Length > 0).Distinct(StringComparer.Ordinal)]
        : [];

    /// <summary>Before the node joins: a member that others may count on has its models open, so that its first frame waits for nothing.</summary>
    /// <param name="probe">Of a supervisor's journal; null for other nodes.</param>
    public static async Task<MemberWork> PrepareAsync(NodeState state, ClusterMember member, PlantModels models, IJournalProbe? probe)
    {
        var work = new MemberWork(state, member, models, probe);
        if (state.Has(NodeRoles.Sensor) || state.Works)
        {
            work._dispatcher = member.System.ActorOf(WorkDispatcher.Props(MonotonicClock.System, work._metrics), "work-dispatcher");
            var setup = WorkerSetup.Of(state.Plant.Inference, models.All, state.Has(NodeRoles.Detector), state.Has(NodeRoles.Verifier));
            work._workers = member.System.StartWorkers(work._dispatcher, setup, MonotonicClock.System);
            await work._workers.Ready;
        }

        return work;
    }

    /// <summary>The node is up.</summary>
    public async Task StartAsync()
    {
        var system = _member.System;
        if (_state.Has(NodeRoles.Supervisor))
        {
            var commands = _state.Plant.Lines.ToDictionary(l => l.Line, l => (IReadOnlyList<ILineMessage>)[.. Activations.Of(l, _models.Of(l.Line))]);
            _ = system.ActorOf(LineActivator.Props(_member.Supervisors, commands), "line-activator");
        }

        if (_state.Works)
        {
            _links = system.ActorOf(WorkerLinks.Props(new WorkerLinksOptions(), _state.Plan.Id, new WorkerModels(_models.All), _workers!, _dispatcher!, MonotonicClock.System), "worker-links");
            var watch = system.ActorOf(SensorWatch.Props(_links), "sensor-watch");
            system.ActorSelection($"/user/{NodeAgent.Name}").Tell(new SubscribeNodes(watch));
        }

        if (_state.Has(NodeRoles.Sensor))
        {
            await StartStationsAsync(_dispatcher!);
        }
    }

    public string? NotLive() => _metrics.Work.Workers.FirstOrDefault(w => w.Node is null && w.OldestInHand > SessionOverrun) is { } stuck
        ? string.Create(CultureInfo.InvariantCulture, $"a worker of this process has had one frame for {stuck.OldestInHand.TotalSeconds:0} s")
        : null;

    public WorkPage Page()
    {
        var work = _metrics.Work;
        return new WorkPage
        {
            Stages =
            [
                new StagePage("coarse", work.Coarse.Waiting, work.Coarse.OldestAge.TotalSeconds, work.Coarse.Credit),
                new StagePage("verify", work.Verify.Waiting, work.Verify.OldestAge.TotalSeconds, work.Verify.Credit),
            ],
            Workers = [.. work.Workers.Select(w => new WorkerPage(
                w.Node?.Value ?? "here",
                w.InHand,
                w.CoarseCredit + w.VerifyCredit,
                w.OldestInHand.TotalSeconds,
                w.Draining ? "draining" : w.Suspended ? "overdue" : "ready"))],
        };
    }

    /// <summary>
    /// The journal takes a write and gives it back (a supervisor's own check), a worker has reached every sensor node, and every line's
    /// supervisor answers. Whoever restarts nodes one after the other waits for this page (promise P7).
    /// </summary>
    public async Task<IReadOnlyList<string>> NotReadyAsync()
    {
        if (_probe is not null && await _probe.CheckAsync() is { IsGood: false } journal)
        {
            return [journal.What];
        }

        if (_links is not null && !_served && await NotServingAsync(_links) is { } lacking)
        {
            return [lacking];
        }

        var silent = await LineMetrics.SilentAsync(_member.Supervisors, _state.Plant.Lines.Select(l => l.Line), AskTimeout);
        return [.. silent.Select(line => $"no answer from the supervisor of line {line}")];
    }

    /// <summary>Why this node's workers get no frames yet; null: they do. A sensor node that comes or goes later is that node's matter.</summary>
    private async Task<string?> NotServingAsync(IActorRef links)
    {
        var cluster = Cluster.Get(_member.System);
        var sensors = cluster.State.Members.Count(m => m.Status == MemberStatus.Up && m.HasRole(NodeRoles.Sensor) && m.UniqueAddress != cluster.SelfUniqueAddress);
        var all = (await links.Ask<LinkMessages.Links>(new LinkMessages.GetLinks(), AskTimeout)).All;
        _served = all.Count >= sensors && all.All(l => l.Connected);
        return _served ? null : string.Create(CultureInfo.InvariantCulture, $"its workers are connected to {all.Count(l => l.Connected)} of {sensors} sensor nodes{string.Concat(all.Where(l => !l.Connected).Select(l => $"; {l.Sensor}: {l.Trouble}"))}");
    }

    /// <summary>A worker takes no more and finishes what it has; a station triggers no more, concludes what is open and gives its lease back.</summary>
    public async Task DrainAsync()
    {
        if (_links is not null)
        {
            _ = await _links.Ask<LinkMessages.Drained>(new LinkMessages.Drain(), Timeout.InfiniteTimeSpan); // it has its own time limit
        }

        if (_stations is not null)
        {
            _stations.Tell(new StopStation());
            var longest = _state.Plant.Lines.Max(l => l.Recipe.Deadline);
            _ = await Task.WhenAny(_stationsFinished.Task, Task.Delay(longest + DrainSlack));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_frames is not null)
        {
            await _frames.DisposeAsync();
        }

        if (_archivist is not null)
        {
            await _archivist.DisposeAsync();
        }

        _metrics.Dispose();
    }

    private async Task StartStationsAsync(IActorRef dispatcher)
    {
        var (system, clock, plan) = (_member.System, MonotonicClock.System, _state.Plan);
        var options = new FrameServerOptions { Address = plan.BindAddress ?? IPAddress.Any, Port = plan.DataPort };
        _frames = await FrameServer.StartAsync(options, plan.Id, system, dispatcher, clock, _metrics);
        _state.DataPlane = new HostPort(plan.Host, _frames.BoundPort).ToString();
        var setups = PlantSources.Open(_state.Plant, station => plan.Stations is null || plan.Stations.Contains(station)).Setups(_models);
        _archivist = FrameKeeping.Open(_state.Plant.Archive, plan.Id, _metrics, what => _member.System.Log.Warning("{What}", what));
        var context = new SensorContext(plan.Id, _member.Supervisors, dispatcher, clock, _metrics, _archivist);
        _stations = system.ActorOf(SensorNode.Props(context, setups, _stationsFinished), "sensor-node");
    }
}
