using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Hosting;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Serialization;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inspection.Embedded;

/// <summary>A real cluster of one on loopback, with the line supervisors on the plant's journal. This file wires Akka for embedded mode.</summary>
internal sealed class EmbeddedCluster : IAsyncDisposable
{
    private readonly IHost _host;

    private EmbeddedCluster(IHost host, ActorSystem system, IActorRef supervisors)
    {
        _host = host;
        System = system;
        Supervisors = supervisors;
    }

    public ActorSystem System { get; }

    /// <summary>The shard region of the line supervisors.</summary>
    public IActorRef Supervisors { get; }

    public static async Task<EmbeddedCluster> StartAsync(JournalStore journal, CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.Logging.ClearProviders();
        _ = builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        _ = builder.Services.AddAkka("inspection", akka => akka
            .AddHocon(Logging().WithFallback(ClusterConfig.Of("embedded", NodeRoles.All)), HoconAddMode.Prepend)
            .WithInspectionSerialization()
            .WithJournals(journal)
            .WithLineSupervisors(MonotonicClock.System));
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancel);
            var system = host.Services.GetRequiredService<ActorSystem>();
            var cluster = Cluster.Get(system);
            await cluster.JoinAsync(cluster.SelfAddress, cancel);
            var region = await host.Services.GetRequiredService<IRequiredActor<LineRegion>>().GetAsync(cancel);
            return new EmbeddedCluster(host, system, region);
        }
        catch
        {
            await StopAsync(host);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(_host);

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    /// <summary>INSPECTION_LOG=INFO (or DEBUG) shows what the node does, on standard error.</summary>
    private static Config Logging() => ConfigurationFactory.ParseString($$"""
        akka.loglevel = {{Environment.GetEnvironmentVariable("INSPECTION_LOG") ?? "ERROR"}}
        akka.loggers = ["Inspection.Embedded.StandardErrorLogger, inspection"]
        """);
}
