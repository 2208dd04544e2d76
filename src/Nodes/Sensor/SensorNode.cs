using Akka.Actor;
using Akka.Event;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor;

/// <summary>
/// All stations of this node. A station that fails is started anew with back-off (and gets a new epoch); one that finished stays finished.
/// Completes <paramref name="finished"/> when all have.
/// </summary>
public sealed class SensorNode(SensorContext context, IReadOnlyList<StationSetup> stations, TaskCompletionSource finished) : UntypedActor
{
    private readonly HashSet<(LineId, StationId)> _running = [.. stations.Select(s => (s.Line.Line, s.Plan.Station))];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    public static Props Props(SensorContext context, IReadOnlyList<StationSetup> stations, TaskCompletionSource finished) =>
        Akka.Actor.Props.Create(() => new SensorNode(context, stations, finished));

    protected override void PreStart()
    {
        foreach (var station in stations)
        {
            _ = Context.ActorOf(StationController.Props(context, station), $"{station.Line.Line}-{station.Plan.Station}");
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        maxNrOfRetries: 100,
        withinTimeRange: TimeSpan.FromMinutes(1),
        localOnlyDecider: _ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StationFinished x:
                _ = _running.Remove((x.Line, x.Station));
                _log.Info("station {Station} of line {Line} finished; {Left} still run", x.Station, x.Line, _running.Count);
                if (_running.Count == 0)
                {
                    _ = finished.TrySetResult();
                }

                break;
            case StopStation:
                foreach (var child in Context.GetChildren())
                {
                    child.Tell(message);
                }

                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
