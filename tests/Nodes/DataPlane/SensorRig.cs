using Akka.Actor;
using Akka.Configuration;
using Inspection.Decisions.Work;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Sensor;
using Inspection.Nodes.Sensor.DataPlane;
using Inspection.Protocol;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>A sensor node's dispatcher and frame server, and nothing else of it.</summary>
internal sealed class SensorRig : IAsyncDisposable
{
    private readonly NodeMetrics _metrics;
    private FrameServer _server = null!;

    private SensorRig(ActorSystem system, IActorRef dispatcher, NodeMetrics metrics) => (System, Dispatcher, _metrics) = (system, dispatcher, metrics);

    public ActorSystem System { get; }

    public IActorRef Dispatcher { get; }

    public int Port => _server.BoundPort;

    public static async Task<SensorRig> StartAsync(WorkLeasesOptions? leases = null, FrameServerOptions? options = null)
    {
        var metrics = new NodeMetrics();
        var system = NewSystem("sensor");
        var rig = new SensorRig(system, system.ActorOf(WorkDispatcher.Props(MonotonicClock.System, metrics, leases), "work-dispatcher"), metrics);
        rig._server = await FrameServer.StartAsync(options ?? new FrameServerOptions(), new NodeId("sensor-1"), system, rig.Dispatcher, MonotonicClock.System, metrics);
        return rig;
    }

    public static ActorSystem NewSystem(string name) => ActorSystem.Create(name, ConfigurationFactory.ParseString("""
        akka.actor.provider = local
        akka.loglevel = ERROR
        akka.stdout-loglevel = ERROR
        """).WithFallback(ClusterConfig.Of("embedded", ["sensor", "detector", "verifier"])));

    public async Task StopServingAsync() => await _server.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await System.Terminate();
        _metrics.Dispose();
    }
}
