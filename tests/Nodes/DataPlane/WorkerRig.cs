using Akka.Actor;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Inference.DataPlane;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>A worker node: its own dispatcher, its real workers and its links.</summary>
internal sealed class WorkerRig : IAsyncDisposable
{
    private readonly NodeMetrics _metrics = new();
    private readonly ActorSystem _system;

    public WorkerRig(string name, LineModels models, WorkerOptions? workers = null, WorkerLinksOptions? options = null, uint version = FrameContract.ProtocolVersion)
    {
        _system = SensorRig.NewSystem(name);
        var dispatcher = _system.ActorOf(WorkDispatcher.Props(MonotonicClock.System, _metrics), "work-dispatcher");
        var started = _system.StartWorkers(dispatcher, workers ?? new WorkerOptions { Detectors = 1, Verifiers = 1, Models = [models] }, MonotonicClock.System);
        Links = _system.ActorOf(WorkerLinks.Props((options ?? new WorkerLinksOptions()) with { PingTimeout = SensorRig.Patience, DrainTimeout = SensorRig.Patience, ConnectTimeout = SensorRig.Patience }, new NodeId(name), new WorkerModels([models]), started, dispatcher, MonotonicClock.System, version), "worker-links");
    }

    public IActorRef Links { get; }

    public void Finds(SensorRig sensor, string host = "127.0.0.1") => Links.Tell(new LinkMessages.SensorAppeared(new NodeId("sensor-1"), host, sensor.Port));

    public async Task<LinkMessages.LinkStatus> SeesLinkAsync(Func<LinkMessages.LinkStatus, bool> wanted, string what) =>
        (await Eventually.SeesAsync(async () => (await Links.Ask<LinkMessages.Links>(new LinkMessages.GetLinks())).All.SingleOrDefault(), l => l is not null && wanted(l), what))!;

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _metrics.Dispose();
    }
}
