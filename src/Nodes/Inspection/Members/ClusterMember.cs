using Akka.Actor;
using Akka.Hosting;
using Inspection.Nodes.Supervisor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inspection.Members;

/// <summary>A running actor system that is a member of a cluster, of one or of many, and the way to its lines.</summary>
internal sealed class ClusterMember : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterMember(IHost host, ActorSystem system, IActorRef supervisors)
    {
        _host = host;
        System = system;
        Supervisors = supervisors;
    }

    public ActorSystem System { get; }

    /// <summary>The shard region of the line supervisors, or the way to it.</summary>
    public IActorRef Supervisors { get; }

    /// <param name="name">Of the actor system, and so of the cluster.</param>
    /// <param name="shutdown">What a clean end may take.</param>
    /// <param name="configure">What it is made of.</param>
    /// <param name="started">Between the system's start and the first look for the lines.</param>
    /// <param name="cancel">Ends a start that takes too long.</param>
    public static async Task<ClusterMember> StartAsync(string name, TimeSpan shutdown, Action<AkkaConfigurationBuilder> configure, Func<ActorSystem, Task> started, CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        _ = builder.Logging.ClearProviders();
        _ = builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = shutdown);
        _ = builder.Services.AddAkka(name, configure);
        var host = builder.Build();
        try
        {
            // makes the actor system: where that fails, nothing has started that could be stopped
            _ = host.Services.GetServices<IHostedService>().Count();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        try
        {
            await host.StartAsync(cancel);
            var system = host.Services.GetRequiredService<ActorSystem>();
            await started(system);
            return new ClusterMember(host, system, await host.Services.GetRequiredService<IRequiredActor<LineRegion>>().GetAsync(cancel));
        }
        catch
        {
            await StopAsync(host);
            throw;
        }
    }

    /// <summary>Hands over what it holds, leaves the cluster, ends the actor system.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(_host);

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }
}
