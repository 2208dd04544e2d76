using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Inspection.Nodes.Sensor.Streams;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>
/// Rule S1: owns one camera's graph: camera -> sentinel -> prepare -> inspect -> evidence. The graph's head restarts with back-off where the
/// device throws; a kill switch ends it. Each exposure ends as one <see cref="LineCommands.SubmitEvidence"/> to the station.
/// </summary>
public sealed class CameraSession(SensorContext context, StationId station, CameraPort port, Func<ICamera> open, PreparationSpec preparation) : UntypedActor
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RestartAtMost = TimeSpan.FromSeconds(5);

    private readonly CameraId _camera = port.Plan.Camera;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _station = Context.Parent;
    private Capture? _capture;
    private UniqueKillSwitch? _kill;
    private ActorMaterializer? _materializer;

    public static Props Props(SensorContext context, StationId station, CameraPort port, Func<ICamera> open, PreparationSpec preparation) =>
        Akka.Actor.Props.Create(() => new CameraSession(context, station, port, open, preparation));

    protected override void PreStart()
    {
        var capture = new Capture(open, port.Ring);
        _capture = capture;
        var settings = ActorMaterializerSettings.Create(Context.System).WithDispatcher("akka.actor.inspection-camera-dispatcher").WithInputBuffer(1, 1);
        _materializer = Context.Materializer(settings, $"camera-{_camera}");
        _kill = RestartSource
            .OnFailuresWithBackoff(() => ExposureSource.Of(port.Inbox), RestartSettings.Create(RestartAfter, RestartAtMost, 0.1))
            .ViaMaterialized(KillSwitches.Single<FrameTicket>(), Keep.Right)
            .Via(capture.Flow)
            .Via(SentinelStage.Check(new SentinelOptions { FrozenAfter = port.Plan.FrozenAfter }))
            .Via(PrepareStage.For(preparation))
            .Via(Streams.Inspect.By(context.Dispatcher, port.Plan.RingSlots))
            .To(EvidenceSink.To(End))
            .Run(_materializer);
        _log.Info("camera {Camera} of station {Station} streams", _camera, station);
    }

    protected override void PostStop()
    {
        _kill?.Shutdown();
        _materializer?.Dispose();
        _capture?.Dispose();
    }

    protected override void OnReceive(object message) => Unhandled(message);

    // on the graph's thread: the slot goes back before the station hears of it, so that it may trigger again at once
    private void End(FrameTicket ticket)
    {
        var evidence = new LineCommands.SubmitEvidence(ticket.Key, ticket.ToEvidence(_camera));
        port.Return(ticket);
        context.Metrics.FrameEnded(evidence.Key.Line.Value, evidence.Key.Station.Value, _camera.Value, evidence.Evidence.Outcome);
        _station.Tell(evidence);
    }
}
