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
    /// <summary>A busy machine is no frozen one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly NodeMetrics _metrics;
    private FrameServer _server = null!;

    private SensorRig(ActorSystem system, IActorRef dispatcher, NodeMetrics metrics) => (System, Dispatcher, _metrics) = (system, dispatcher, metrics);

    public ActorSystem System { get; }

    public IActorRef Dispatcher { get; }

    /// <summary>As the dispatcher reported it last.</summary>
    public WorkCounts Counts => _metrics.Work.Counts;

    /// <summary>Until the dispatcher, asked from now on, has a coarse worker of this process that waits: a frame ends before its worker says that it is free.</summary>
    public Task FreeAsync()
    {
        var before = _metrics.Work;
        return Eventually.SeesAsync(
            () => Task.FromResult(_metrics.Work),
            w => !ReferenceEquals(w, before) && w.Coarse.LocalCredit > 0,
            "a free worker in this process");
    }

    public int Port => _server.BoundPort;

    /// <param name="clock">Of deadlines and leases.</param>
    public static async Task<SensorRig> StartAsync(WorkLeasesOptions? leases = null, FrameServerOptions? options = null, MonotonicClock? clock = null)
    {
        clock ??= MonotonicClock.System;
        options ??= new FrameServerOptions();
        var metrics = new NodeMetrics();
        var system = NewSystem("sensor");
        var rig = new SensorRig(system, system.ActorOf(WorkDispatcher.Props(clock, metrics, leases), "work-dispatcher"), metrics);
        rig._server = await FrameServer.StartAsync(options with { PingTimeout = Patience }, new NodeId("sensor-1"), system, rig.Dispatcher, clock, metrics);
        return rig;
    }

    public static ActorSystem NewSystem(string name) => ActorSystem.Create(name, ConfigurationFactory.ParseString("""
        akka.actor.provider = local
        akka.loglevel = ERROR
        akka.stdout-loglevel = ERROR
        """).WithFallback(ClusterConfig.Of("embedded", ["sensor", "detector", "verifier"])));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await System.Terminate();
        _metrics.Dispose();
    }
}
