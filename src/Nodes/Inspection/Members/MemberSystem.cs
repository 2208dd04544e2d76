using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Serialization;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inspection.Members;

/// <summary>The actor system of one member of a cluster of many. This file wires Akka for `inspection node`.</summary>
internal sealed class MemberSystem : IAsyncDisposable
{
    /// <summary>Hand-off 15 s, shutdown phase 20 s, this, then the process's own time, then the pod's grace (facts).</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(40);

    private readonly IHost _host;

    private MemberSystem(IHost host, ActorSystem system, IActorRef supervisors)
    {
        _host = host;
        System = system;
        Supervisors = supervisors;
    }

    public ActorSystem System { get; }

    /// <summary>The shard region of the line supervisors, or the way to it.</summary>
    public IActorRef Supervisors { get; }

    /// <param name="journal">Of a supervisor; null for other nodes.</param>
    public static async Task<MemberSystem> StartAsync(NodeState state, JournalStore? journal, CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.Logging.ClearProviders();
        _ = builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        _ = builder.Services.AddAkka(state.Plan.Cluster, akka =>
        {
            _ = akka
                .AddHocon(Own(state).WithFallback(ClusterConfig.Of("plant", state.Roles)), HoconAddMode.Prepend)
                .WithInspectionSerialization()
                .WithFormation(state.Plan, mayForm: state.Has(NodeRoles.Supervisor));
            _ = journal is not null
                ? akka.WithJournals(journal).WithLineSupervisors(MonotonicClock.System)
                : akka.WithLineSupervisorsElsewhere();
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancel);
            if (journal is not null)
            {
                SupervisorHosting.WarmUpJournals(host.Services.GetRequiredService<ActorSystem>());
            }

            var region = await host.Services.GetRequiredService<IRequiredActor<LineRegion>>().GetAsync(cancel);
            return new MemberSystem(host, host.Services.GetRequiredService<ActorSystem>(), region);
        }
        catch
        {
            await StopAsync(host);
            throw;
        }
    }

    /// <summary>Hands over what this node holds, leaves the cluster, ends the actor system.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(_host);

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    private static Config Own(NodeState state) => ConfigurationFactory.ParseString($$"""
        akka.loglevel = {{Environment.GetEnvironmentVariable("INSPECTION_LOG") ?? "INFO"}}
        akka.stdout-loglevel = OFF
        akka.loggers = ["Inspection.Members.NodeLogger, inspection"]
        akka.remote.dot-netty.tcp {
          public-hostname = "{{state.Plan.Host}}"
          hostname = "{{(IPAddress.TryParse(state.Plan.Bind, out _) ? state.Plan.Bind : "0.0.0.0")}}"
          port = {{state.Plan.RemotePort}}
        }
        akka.cluster.roles = [{{string.Join(", ", state.Roles)}}]
        """);
}
