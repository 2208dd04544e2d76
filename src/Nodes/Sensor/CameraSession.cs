using Akka;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Inspection.Nodes.Sensor.Streams;
using Inspection.Protocol;
using Inspection.Vision.Archive;
using Inspection.Vision.Cameras;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>
/// Rule S1: owns one camera's graph: device -> capture -> sentinel -> prepare -> inspect -> evidence, on a thread of its own. The graph's head
/// opens the device again with back-off where it throws; a kill switch ends it. Each exposure ends as one
/// <see cref="LineCommands.SubmitEvidence"/> to the station. A graph that fails takes this actor, and so the station, with it.
/// </summary>
public sealed class CameraSession(SensorContext context, StationId station, CameraPort port, Func<ICamera> open, PreparationSpec preparation) : UntypedActor
{
    /// <summary>One actor, one thread; see cluster-config/base.hocon.</summary>
    private const string Dispatcher = "akka.actor.inspection-camera-dispatcher";

    private const int FramesATurn = 64;

    private static readonly TimeSpan RestartAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RestartAtMost = TimeSpan.FromSeconds(5);

    private readonly CameraId _camera = port.Plan.Camera;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _station = Context.Parent;
    private readonly FrameCopy _copy = new();
    private UniqueKillSwitch? _kill;
    private ActorMaterializer? _materializer;

    public static Props Props(SensorContext context, StationId station, CameraPort port, Func<ICamera> open, PreparationSpec preparation) =>
        Akka.Actor.Props.Create(() => new CameraSession(context, station, port, open, preparation));

    protected override void PreStart()
    {
        // the input buffer is what a fused graph's turn is measured by: so many frames before it looks for other messages
        var settings = ActorMaterializerSettings.Create(Context.System).WithDispatcher(Dispatcher).WithInputBuffer(FramesATurn, FramesATurn);
        _materializer = Context.Materializer(settings, $"camera-{_camera}");
        (_kill, var ended) = RestartSource
            .OnFailuresWithBackoff(() => DeviceSource.Of(open), RestartSettings.Create(RestartAfter, RestartAtMost, 0.1))
            .ViaMaterialized(KillSwitches.Single<Device>(), Keep.Right)
            .Via(Capture.From(port.Inbox, port.Ring))
            .Via(SentinelStage.Check(new SentinelOptions { FrozenAfter = port.Plan.FrozenAfter }))
            .Via(PrepareStage.For(preparation))
            .Via(Streams.Inspect.By(context.Dispatcher, port.Inbox.Answer))
            .ToMaterialized(EvidenceSink.To(End), Keep.Both)
            .Run(_materializer);
        _ = ended.PipeTo(Self, failure: e => new GraphFailed(e));
        _log.Info("camera {Camera} of station {Station} streams", _camera, station);
    }

    protected override void PostStop()
    {
        _kill?.Shutdown();
        _materializer?.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GraphFailed x:
                throw new InvalidOperationException($"the graph of camera {_camera} of station {station} failed: {x.Cause.Message}", x.Cause);
            case Done:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // on the graph's thread: the slot goes back before the station hears of it, so that it may trigger again at once
    private void End(FrameTicket ticket)
    {
        context.Frames?.Copy(ticket, _copy, preparation.Masks.AsSpan());
        var evidence = new LineCommands.SubmitEvidence(ticket.Key, ticket.ToEvidence(_camera));
        port.Return(ticket);
        context.Metrics.FrameEnded(evidence.Key.Line.Value, evidence.Key.Station.Value, _camera.Value, evidence.Evidence.Outcome);
        _station.Tell(evidence);
    }

    private sealed record GraphFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
