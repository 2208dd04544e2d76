using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Inspection.Nodes.Sensor.Streams;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>What a station tells its camera sessions, and hears of them.</summary>
internal static class CameraMessages
{
    /// <summary>Rule S1: the station's trigger; the camera exposes now.</summary>
    public sealed record Expose(TriggerKey Key, string ExternalId, TimeSpan DeadlineAt, long ExposureUtcTicks) : INoSerializationVerificationNeeded;

    /// <summary>A view has ended, one way or another: every exposure is answered once.</summary>
    public sealed record ViewEnded(int CameraIndex, TriggerKey Key, ViewEvidence Evidence) : INoSerializationVerificationNeeded;
}

/// <summary>
/// Rule S1: owns one camera's graph: camera -> sentinel -> prepare -> inspect -> evidence. The graph restarts with back-off where a stage
/// throws; a kill switch ends it. The ring and the tickets are allocated once (promise P8).
/// </summary>
public sealed class CameraSession : UntypedActor
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RestartAtMost = TimeSpan.FromSeconds(5);

    private readonly SensorContext _context;
    private readonly StationSetup _setup;
    private readonly int _index;
    private readonly ExposureInbox _inbox;
    private readonly TicketPool _tickets;
    private readonly FrameRing _ring;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Capture? _capture;
    private UniqueKillSwitch? _kill;
    private ActorMaterializer? _materializer;

    public CameraSession(SensorContext context, StationSetup setup, int index)
    {
        _context = context;
        _setup = setup;
        _index = index;
        var plan = setup.Cameras[index].Plan;
        _inbox = new ExposureInbox(plan.RingSlots);
        _tickets = new TicketPool(plan.RingSlots);
        _ring = new FrameRing(plan.RingSlots, checked((int)(plan.MaxMegapixels * 3_000_000)), setup.Models.Coarse.Manifest.Preparation.TensorLength);
    }

    public static Props Props(SensorContext context, StationSetup setup, int index) => Akka.Actor.Props.Create(() => new CameraSession(context, setup, index));

    protected override void PreStart()
    {
        var camera = _setup.Cameras[_index];
        var capture = new Capture(camera.Open, _ring);
        _capture = capture;
        var settings = ActorMaterializerSettings.Create(Context.System).WithDispatcher("akka.actor.inspection-camera-dispatcher").WithInputBuffer(1, 1);
        _materializer = Context.Materializer(settings, $"camera-{camera.Plan.Camera}");
        var station = Context.Parent;
        var label = camera.Plan.Camera;
        _kill = RestartSource
            .OnFailuresWithBackoff(() => ExposureSource.Of(_inbox), RestartSettings.Create(RestartAfter, RestartAtMost, 0.1))
            .ViaMaterialized(KillSwitches.Single<FrameTicket>(), Keep.Right)
            .Via(capture.Flow)
            .Via(SentinelStage.Check(camera.Plan.FrozenAfter))
            .Via(PrepareStage.For(_setup.Models.Coarse.Manifest.Preparation))
            .Via(Streams.Inspect.By(_context.Dispatcher, camera.Plan.RingSlots))
            .To(EvidenceSink.To(ticket => End(ticket, label, station)))
            .Run(_materializer);
        _log.Info("camera {Camera} of station {Station} streams", label, _setup.Plan.Station);
    }

    protected override void PostStop()
    {
        _kill?.Shutdown();
        _materializer?.Dispose();
        _capture?.Dispose();
    }

    protected override void OnReceive(object message)
    {
        if (message is not CameraMessages.Expose x)
        {
            Unhandled(message);
            return;
        }

        var ticket = _tickets.Take();
        ticket.Begin(x.Key, x.ExternalId, x.DeadlineAt, x.ExposureUtcTicks, _setup.Models);
        _inbox.Add(ticket);
    }

    // on the graph's thread: the slot goes back before the station hears of it, so that it may trigger again at once
    private void End(FrameTicket ticket, CameraId camera, IActorRef station)
    {
        var evidence = ticket.ToEvidence(camera);
        ticket.Slot?.Release();
        var key = ticket.Key;
        _tickets.Return(ticket);
        _context.Metrics.FrameEnded(key.Line.Value, key.Station.Value, camera.Value, evidence.Outcome);
        station.Tell(new CameraMessages.ViewEnded(_index, key, evidence));
    }
}
