using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Hosting;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Serialization;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Sensor;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inspection.Embedded;

/// <summary>
/// A plant in one process: a real cluster of one, every role, SQLite. The same actors and the same shard region as in a cluster of many.
/// </summary>
internal sealed class EmbeddedPlant : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private readonly JournalStore _journal;
    private readonly NodeMetrics _metrics;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHost? _host;
    private IActorRef _stations = ActorRefs.Nobody;

    private EmbeddedPlant(Plant plant, PlantModels models, JournalStore journal)
    {
        Plant = plant;
        Models = models;
        _journal = journal;
        _metrics = new NodeMetrics();
    }

    public Plant Plant { get; }

    public PlantModels Models { get; }

    public IActorRef Supervisors { get; private set; } = ActorRefs.Nobody;

    public ActorSystem System { get; private set; } = null!;

    /// <summary>Completes when every station has finished: its source is empty, or it was stopped, and all is journalled.</summary>
    public Task Finished => _finished.Task;

    /// <summary>Starts everything but the stations. Refuses where models, sources or the journal are not in order.</summary>
    public static async Task<EmbeddedPlant> StartAsync(Plant plant, CancellationToken cancel)
    {
        var models = PlantModels.Load(plant);
        var embedded = new EmbeddedPlant(plant, models, JournalStore.Open(plant.JournalPath));
        try
        {
            await embedded.StartClusterAsync(cancel);
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
    public void StartStations(IReadOnlyList<StationSetup> stations)
    {
        var clock = MonotonicClock.System;
        var dispatcher = System.ActorOf(WorkDispatcher.Props(clock, _metrics), "work-dispatcher");
        System.StartWorkers(dispatcher, Plant.Inference.Detectors, Plant.Inference.Verifiers);
        var context = new SensorContext(new NodeId("embedded"), Supervisors, dispatcher, clock, _metrics);
        _stations = System.ActorOf(SensorNode.Props(context, stations, _finished), "sensor-node");
    }

    /// <summary>Triggers no more; <see cref="Finished"/> completes when what is open is concluded.</summary>
    public void StopStations() => _stations.Tell(new StopStation());

    public async Task<IReadOnlyList<LineQueries.LineStatus>> StatusAsync()
    {
        var statuses = new List<LineQueries.LineStatus>(Plant.Lines.Count);
        foreach (var line in Plant.Lines)
        {
            try
            {
                statuses.Add(await Supervisors.Ask<LineQueries.LineStatus>(new LineQueries.GetLineStatus(line.Line), AskTimeout));
            }
            catch (AskTimeoutException)
            {
                // a line that recovers is left out of this picture and back in the next
            }
        }

        return statuses;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            if (_host is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }

        _metrics.Dispose();
        _journal.Dispose();
    }

    private async Task StartClusterAsync(CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.Logging.AddFilter((_, _, _) => false);
        _ = builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        _ = builder.Services.AddAkka("inspection", akka => akka
            .AddHocon(LogLevel().WithFallback(ClusterConfig.Profile("embedded")).WithFallback(ClusterConfig.Base), HoconAddMode.Prepend)
            .WithInspectionSerialization()
            .WithSqliteJournals(_journal)
            .WithLineSupervisors(MonotonicClock.System));
        _host = builder.Build();
        await _host.StartAsync(cancel);
        System = _host.Services.GetRequiredService<ActorSystem>();
        var cluster = Cluster.Get(System);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(StartTimeout);
        await cluster.JoinAsync(cluster.SelfAddress, timeout.Token);
        Supervisors = await _host.Services.GetRequiredService<IRequiredActor<LineRegion>>().GetAsync(timeout.Token);
    }

    private static Config LogLevel() => ConfigurationFactory.ParseString(
        $"akka.loglevel = {Environment.GetEnvironmentVariable("INSPECTION_LOG") ?? "WARNING"}\nakka.loggers = [\"Inspection.Embedded.StandardErrorLogger, inspection\"]");

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
        var deadline = DateTime.UtcNow + StartTimeout;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                _ = await Supervisors.Ask<LineReplies.Activated>(command, AskTimeout, cancel);
                return;
            }
            catch (AskTimeoutException) when (DateTime.UtcNow < deadline)
            {
                // asked again
            }
            catch (AskTimeoutException e)
            {
                throw new Audit.Journals.JournalUnavailableException($"line {command.Line}: its supervisor did not answer within {StartTimeout.TotalSeconds:0} s; set INSPECTION_LOG=INFO to see why", e);
            }
        }
    }
}
