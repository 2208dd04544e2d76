using Akka.Actor;
using Akka.Configuration;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Inference;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;
using Inspection.Vision.Work;

namespace Inspection.Benchmarks.Rig;

/// <summary>
/// A sensor node from camera to evidence and nothing behind it: the real camera graph, work dispatcher and detectors with the product's own
/// dispatchers, and a stand-in for the station that triggers while there is room and counts the evidence.
/// </summary>
internal static class NodeWithoutJournal
{
    private static readonly Config Local = ConfigurationFactory.ParseString("""
        akka.actor.provider = local
        akka.loglevel = ERROR
        akka.stdout-loglevel = ERROR
        """);

    /// <param name="frames">So many frames are inspected in all.</param>
    /// <param name="counted">Called with the number of evidences so far, on the station's thread.</param>
    public static async Task RunAsync(LineModels models, Frames camera, long frames, int detectors, Action<long> counted)
    {
        using var metrics = new NodeMetrics();
        using var system = NewSystem("bench");
        var clock = MonotonicClock.System;
        var dispatcher = system.ActorOf(WorkDispatcher.Props(clock, metrics), "work-dispatcher");
        _ = system.StartWorkers(dispatcher, WorkerOptions.Cpu(detectors, verifiers: 0, [models]), clock);
        var context = new SensorContext(new NodeId("bench"), ActorRefs.Nobody, dispatcher, clock, metrics);
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = system.ActorOf(Props.Create(() => new StandInStation(context, models, camera, frames, counted, finished)), "station");
        await finished.Task;
        await system.Terminate();
    }

    /// <summary>With the product's own dispatchers, and no cluster.</summary>
    public static ActorSystem NewSystem(string name) => ActorSystem.Create(name, Local.WithFallback(ClusterConfig.Of("embedded", ["sensor", "detector", "verifier"])));

    private sealed class StandInStation : UntypedActor
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
        private static readonly LineId Line = new("bench");
        private static readonly StationId Station = new("station");

        private readonly SensorContext _context;
        private readonly Action<long> _counted;
        private readonly TaskCompletionSource _finished;
        private readonly CameraPort _port;
        private readonly long _frames;
        private long _issued;
        private long _seen;

        public StandInStation(SensorContext context, LineModels models, Frames camera, long frames, Action<long> counted, TaskCompletionSource finished)
        {
            (_context, _frames, _counted, _finished) = (context, frames, counted, finished);
            _port = new CameraPort(BenchPlant.Camera(camera.Side), models);
            _ = Context.ActorOf(CameraSession.Props(context, Station, _port, () => new MemoryCamera(camera, static _ => { }), models.Coarse.Manifest.Preparation), "camera");
        }

        protected override void PreStart() => Trigger();

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
        {
            _ = _finished.TrySetException(e);
            return Directive.Stop;
        });

        protected override void OnReceive(object message)
        {
            if (message is not LineCommands.SubmitEvidence { Evidence.Outcome: ViewOutcome.Scored })
            {
                _ = _finished.TrySetException(new InvalidOperationException($"the station got {message} instead of a scored view"));
                return;
            }

            _counted(++_seen);
            if (_seen == _frames)
            {
                _ = _finished.TrySetResult();
            }

            Trigger();
        }

        private void Trigger()
        {
            while (_issued < _frames && _port.HasRoom)
            {
                _port.Expose(new TriggerKey(Line, Station, 1, ++_issued), "part", _context.Clock.Now + Deadline, _context.Clock.Utc.Ticks);
            }
        }
    }
}
