using Akka.Actor;
using Inspection.Audit.Journals;
using Inspection.Members;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Sensor;
using Inspection.Nodes.Sensor.Archive;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.Embedded;

/// <summary>
/// A plant in one process: a real cluster of one, every role. The same actors and the same shard region as in a cluster of many.
/// </summary>
internal sealed class EmbeddedPlant : IAsyncDisposable
{
    /// <summary>A start takes about 3 s of one core; a machine with twenty times more work than cores still gets there.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private static readonly NodeId Node = new("embedded");

    private readonly NodeMetrics _metrics = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ClusterMember? _cluster;
    private FrameArchivist? _frames;
    private readonly LogSetup? _log;
    private IActorRef _stations = ActorRefs.Nobody;
    private IActorRef _logBuilder = ActorRefs.Nobody;

    private EmbeddedPlant(Plant plant, PlantModels models, JournalStore journal)
    {
        _log = plant.Log is null ? null : LogSetup.Open(plant, makesKey: true);
        Plant = plant;
        Models = models;
        Store = journal;
    }

    public Plant Plant { get; }

    public PlantModels Models { get; }

    public JournalStore Store { get; }

    public ActorSystem System => _cluster!.System;

    public IActorRef Supervisors => _cluster!.Supervisors;

    /// <summary>Completes when every station has finished: its source is empty, or it was stopped, and all is journalled.</summary>
    public Task Finished => _finished.Task;

    /// <summary>How the plant's log is; null where it keeps none.</summary>
    public LogReport? Log => _log?.Health.Report;

    /// <summary>Why not every witness could be compared with at the start; null: all agree, or none is named.</summary>
    public string? WitnessTrouble { get; private set; }

    /// <summary>Starts everything but the stations. Refuses where the journal is not in order.</summary>
    public static async Task<EmbeddedPlant> StartAsync(Plant plant, PlantModels models, CancellationToken cancel)
    {
        var store = await JournalStore.OpenAsync(plant.Journal, cancel);
        EmbeddedPlant embedded;
        try
        {
            embedded = new EmbeddedPlant(plant, models, store);
        }
        catch
        {
            store.Dispose();
            throw;
        }

        try
        {
            if (embedded._log is { } log)
            {
                embedded.WitnessTrouble = await LogStart.CheckAsync(log, cancel);
            }

            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            timeout.CancelAfter(StartTimeout);
            embedded._cluster = await EmbeddedCluster.StartAsync(embedded.Store, timeout.Token);
            embedded._logBuilder = embedded._log is null ? ActorRefs.Nobody : embedded.System.StartLogBuilder(embedded._log, MonotonicClock.System);
            await embedded.ActivateAsync(cancel);
            return embedded;
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    /// <summary>The stations trigger from here on.</summary>
    /// <param name="stations">Theirs.</param>
    /// <param name="warn">Told what goes on without a part of it.</param>
    public void StartStations(IReadOnlyList<StationSetup> stations, Action<string> warn)
    {
        var clock = MonotonicClock.System;
        var dispatcher = System.ActorOf(WorkDispatcher.Props(clock, _metrics), "work-dispatcher");
        _ = System.StartWorkers(dispatcher, WorkerSetup.Of(Plant.Inference, Models.All), clock);
        _frames = FrameKeeping.Open(Plant.Archive, Node, _metrics, warn);
        var context = new SensorContext(Node, Supervisors, dispatcher, clock, _metrics, _frames);
        _stations = System.ActorOf(SensorNode.Props(context, stations, _finished), "sensor-node");
    }

    /// <summary>Triggers no more; <see cref="Finished"/> completes when what is open is concluded.</summary>
    public void StopStations() => _stations.Tell(new StopStation());

    /// <summary>Each line that answers; one that recovers is left out of this picture and back in the next.</summary>
    public async Task<IReadOnlyList<LineQueries.LineStatus>> StatusAsync()
    {
        var asked = Plant.Lines.Select(line => LineMetrics.AskAsync(Supervisors, line.Line, AskTimeout));
        return [.. (await Task.WhenAll(asked)).OfType<LineQueries.LineStatus>()];
    }

    /// <summary>All that is journalled gets its place under a signed checkpoint, where the plant keeps a log.</summary>
    /// <returns>False: it did not come to that in time; the next run goes on with it.</returns>
    public async Task<bool> SignLogAsync() => _log is null || await _logBuilder.SignAllAsync();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_frames is not null)
        {
            await _frames.DisposeAsync();
        }

        _metrics.Dispose();
        _log?.Dispose();
        Store.Dispose();
    }

    /// <summary>Recipe and models become the line's own record before its first part (promise P4); what is active already stays.</summary>
    private async Task ActivateAsync(CancellationToken cancel)
    {
        foreach (var line in Plant.Lines)
        {
            foreach (var command in Activations.Of(line, Models.Of(line.Line)))
            {
                await AskUntilAnsweredAsync(command, cancel);
            }
        }
    }

    /// <summary>Sharding drops what it gets before it is up: asked again until answered.</summary>
    private async Task AskUntilAnsweredAsync(ILineMessage command, CancellationToken cancel)
    {
        var started = MonotonicClock.System.Now;
        while (true)
        {
            try
            {
                _ = await Supervisors.Ask<LineReplies.Activated>(command, AskTimeout, cancel);
                return;
            }
            catch (AskTimeoutException e)
            {
                if (MonotonicClock.System.Now - started > StartTimeout)
                {
                    throw new JournalUnavailableException($"line {command.Line}: its supervisor did not answer within {StartTimeout.TotalSeconds:0} s; set INSPECTION_LOG=INFO to see why", e);
                }
            }
        }
    }
}
