using Akka.Actor;
using Inspection.Embedded;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>What a member does in its roles, from the moment it is up until it drains.</summary>
internal sealed class MemberWork : IAsyncDisposable
{
    /// <summary>What is open has its deadline to be concluded, and a commit; a station that still isn't idle ends with an unknown tail.</summary>
    private static readonly TimeSpan DrainSlack = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    private readonly NodeState _state;
    private readonly MemberSystem _member;
    private readonly IJournalProbe? _probe;
    private readonly NodeMetrics _metrics = new();
    private readonly TaskCompletionSource _stationsFinished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IActorRef? _stations;

    private MemberWork(NodeState state, MemberSystem member, IJournalProbe? probe)
    {
        _state = state;
        _member = member;
        _probe = probe;
    }

    /// <param name="probe">Of a supervisor's journal; null for other nodes.</param>
    public static Task<MemberWork> StartAsync(NodeState state, MemberSystem member, PlantModels models, IJournalProbe? probe)
    {
        var work = new MemberWork(state, member, probe);
        if (state.Has(NodeRoles.Supervisor))
        {
            var commands = state.Plant.Lines.ToDictionary(l => l.Line, l => (IReadOnlyList<ILineMessage>)[.. Activations.Of(l, models.Of(l.Line))]);
            _ = member.System.ActorOf(LineActivator.Props(member.Supervisors, commands), "line-activator");
        }

        if (state.Has(NodeRoles.Sensor) || state.Has(NodeRoles.Detector) || state.Has(NodeRoles.Verifier))
        {
            work.StartFrames(models);
        }

        return Task.FromResult(work);
    }

    public string? NotLive() => null;

    public WorkPage? Page() => null;

    /// <summary>The journal takes a write and gives it back (a supervisor's own check), and every line's supervisor answers.</summary>
    public async Task<IReadOnlyList<string>> NotReadyAsync()
    {
        if (_probe is not null && await _probe.CheckAsync() is { IsGood: false } journal)
        {
            return [journal.What];
        }

        var asked = _state.Plant.Lines.Select(async line => (line.Line, Status: await LineMetrics.AskAsync(_member.Supervisors, line.Line, AskTimeout)));
        return [.. (await Task.WhenAll(asked)).Where(a => a.Status is null).Select(a => $"no answer from the supervisor of line {a.Line}")];
    }

    /// <summary>Triggers no more and finishes what is open; gives no more credit and finishes the work in hand.</summary>
    public async Task DrainAsync()
    {
        if (_stations is not null)
        {
            _stations.Tell(new StopStation());
            var longest = _state.Plant.Lines.Max(l => l.Recipe.Deadline);
            _ = await Task.WhenAny(_stationsFinished.Task, Task.Delay(longest + DrainSlack));
        }
    }

    public ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        return ValueTask.CompletedTask;
    }

    private void StartFrames(PlantModels models)
    {
        var (system, clock, plan) = (_member.System, MonotonicClock.System, _state.Plan);
        var dispatcher = system.ActorOf(WorkDispatcher.Props(clock, _metrics), "work-dispatcher");
        var inference = _state.Plant.Inference;
        system.StartWorkers(
            dispatcher,
            _state.Has(NodeRoles.Detector) ? InferenceHosting.Detectors(inference.Detectors) : 0,
            _state.Has(NodeRoles.Verifier) ? inference.Verifiers : 0);
        if (_state.Has(NodeRoles.Sensor))
        {
            var setups = PlantSources.Open(_state.Plant, station => plan.Stations is null || plan.Stations.Contains(station)).Setups(models);
            var context = new SensorContext(plan.Id, _member.Supervisors, dispatcher, clock, _metrics);
            _stations = system.ActorOf(SensorNode.Props(context, setups, _stationsFinished), "sensor-node");
        }
    }
}
