using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Inspection.Audit.Journals;
using Inspection.Audit.Totals;
using Inspection.Console;
using Inspection.Members;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

internal static class StatusCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        var config = Shared.Optional("--config", "A node file of the cluster: its supervisors are asked");
        var plant = Shared.Plant(required: false);
        var json = Shared.Json();
        var command = new Command("status", "Members, roles, lines, station leases, queue age, credits, work in flight, models held. With --plant: what an embedded plant's journal says.\n\nExample: inspection status --config supervisor-1.yaml") { config, plant, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, async () => (parsed.GetValue(config), parsed.GetValue(plant)) switch
            {
                ({ } file, null) => await OfClusterAsync(NodeReader.Read(file), output, cancel),
                (null, { } file) => OfJournal(PlantReader.Read(file), output),
                _ => throw new PlantException("name one of --config (a cluster) and --plant (an embedded plant)"),
            });
        });
        return command;
    }

    /// <summary>0 where every member is reachable and every line answers; 1 where not; 3 where nobody answers.</summary>
    private static async Task<int> OfClusterAsync(NodePlan plan, Output output, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = Timeout };
        var tried = new List<string>();
        foreach (var at in plan.Supervisors.Append(new HostPort(plan.Host, plan.HttpPort)).Distinct())
        {
            try
            {
                using var answer = await http.GetAsync($"http://{at}/status", cancel);
                var text = await answer.Content.ReadAsStringAsync(cancel);
                if (answer.IsSuccessStatusCode)
                {
                    var status = JsonSerializer.Deserialize<PlantStatus>(text, NodeServer.Json)!;
                    StatusView.Print(status, output);
                    foreach (var outside in await OutsideAsync(plan, status, cancel))
                    {
                        output.Line(outside);
                    }

                    output.AnswerText(text);
                    return status.Members.All(m => m.Reachable) && status.Lines.All(l => l.Answers) ? ExitCodes.Good : ExitCodes.BadAnswer;
                }

                tried.Add($"{at}: {text.Trim()}");
            }
            catch (HttpRequestException e)
            {
                tried.Add($"{at}: {e.Message}");
            }
            catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
            {
                tried.Add(string.Create(CultureInfo.InvariantCulture, $"{at}: no answer within {Timeout.TotalSeconds:0} s"));
            }
        }

        output.Error($"no supervisor of cluster {plan.Cluster} answers ({string.Join("; ", tried)}): start one, or correct supervisors in {plan.File}");
        return ExitCodes.Environment;
    }

    /// <summary>Who should be a member and is not: the supervisors of the node file and its own node, with what they wait for.</summary>
    private static async Task<IReadOnlyList<string>> OutsideAsync(NodePlan plan, PlantStatus status, CancellationToken cancel)
    {
        var own = new HostPort(plan.Host, plan.HttpPort);
        var pages = await Task.WhenAll(plan.Supervisors.Append(own).Distinct().Select(async at => (At: at, Page: await NodePage.ReadAsync(at.ToString(), cancel))));
        return
        [
            .. pages.Where(p => p.Page is null && p.At != own).Select(p => $"not in the cluster: {p.At}, which does not answer"),
            .. from p in pages
               where p.Page is { } page && status.Members.All(m => m.Node != page.Node)
               let waiting = NodePage.Waiting(p.Page!.WaitsFor, p.Page.WaitsBecause)
               select $"not in the cluster: node {p.Page.Node} at {p.At}{(waiting is null ? "" : $", which {waiting}")}",
        ];
    }

    private static int OfJournal(Plant plant, Output output)
    {
        using var journal = plant.Journal.OpenSource();
        var totals = JournalTotals.Of(journal, null);
        foreach (var line in totals.Lines)
        {
            output.Line($"line {line.Line}: accepted {line.Accepted} = decided {line.Decided} + fallback {line.Fallback} + open {line.Open}; OK {line.Ok}, NG {line.Ng}, Review {line.Review}");
            foreach (var stop in line.Stops)
            {
                output.Foreign.WriteLine(StatusView.Stands(line.Line, stop.Station, $"{stop}"));
            }
        }

        output.Answer(new
        {
            plant = plant.Name,
            lines = totals.Lines.Select(l => new { line = l.Line, accepted = l.Accepted, decided = l.Decided, fallback = l.Fallback, open = l.Open, ok = l.Ok, ng = l.Ng, review = l.Review, stands = l.Stops.Select(s => new { station = s.Station, interlock_change = s.Change, since = s.Since, why = s.Why }) }),
        });
        return totals.All.IsConserved ? ExitCodes.Good : ExitCodes.BadAnswer;
    }
}
