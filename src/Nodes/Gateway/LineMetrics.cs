using Akka.Actor;
using Inspection.Protocol;
using Prometheus;

namespace Inspection.Nodes.Gateway;

/// <summary>Promise P1 as metrics: accepted = decided + fallback + open, each line asked when scraped; a line that breaks it says so.</summary>
public static class LineMetrics
{
    public static void Register(CollectorRegistry registry, IReadOnlyList<LineId> lines, IActorRef supervisors, TimeSpan timeout)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        var accepted = factory.CreateGauge("inspection_parts_accepted", "Triggers covered by the journal.", "line");
        var concluded = factory.CreateGauge("inspection_parts_concluded", "Parts with a terminal record, by conclusion.", "line", "conclusion");
        var open = factory.CreateGauge("inspection_parts_open", "Accepted parts without a terminal record.", "line");
        var imbalance = factory.CreateGauge("inspection_conservation_imbalance", "accepted - decided - fallback - open; anything but 0 is an alarm.", "line");
        var halted = factory.CreateGauge("inspection_line_halted", "1 where the station's interlock has stopped the line; by the journal.", "line", "station");
        var answers = factory.CreateGauge("inspection_supervisor_answers", "1 where the line's supervisor answered this scrape.", "line");
        registry.AddBeforeCollectCallback(async _ =>
        {
            foreach (var line in lines)
            {
                var status = await AskAsync(supervisors, line, timeout);
                answers.WithLabels(line.Value).Set(status is null ? 0 : 1);
                if (status is not null)
                {
                    accepted.WithLabels(line.Value).Set(status.Accepted);
                    concluded.WithLabels(line.Value, "ok").Set(status.Ok);
                    concluded.WithLabels(line.Value, "ng").Set(status.Ng);
                    concluded.WithLabels(line.Value, "review").Set(status.Review);
                    concluded.WithLabels(line.Value, "fallback").Set(status.Fallback);
                    open.WithLabels(line.Value).Set(status.Open);
                    imbalance.WithLabels(line.Value).Set(status.Accepted - status.Decided - status.Fallback - status.Open);
                    foreach (var station in status.Stations)
                    {
                        halted.WithLabels(line.Value, station.Station.Value).Set(InterlockChanged.IsStopped(station.Interlock) ? 1 : 0);
                    }
                }
            }
        });
    }

    public static async Task<LineQueries.LineStatus?> AskAsync(IActorRef supervisors, LineId line, TimeSpan timeout)
    {
        try
        {
            return await supervisors.Ask<LineQueries.LineStatus>(new LineQueries.GetLineStatus(line), timeout);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The lines whose supervisor does not answer in time; all are asked at once.</summary>
    public static async Task<IReadOnlyList<LineId>> SilentAsync(IActorRef supervisors, IEnumerable<LineId> lines, TimeSpan timeout)
    {
        var asked = lines.Select(async line => (Line: line, Status: await AskAsync(supervisors, line, timeout)));
        return [.. (await Task.WhenAll(asked)).Where(a => a.Status is null).Select(a => a.Line)];
    }
}
