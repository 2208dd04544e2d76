using System.CommandLine;
using Inspection.Audit.Asking;
using Inspection.Console;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;

namespace Inspection.Commands;

/// <summary>Questions to a journal or a bundle.</summary>
internal static class AuditAsking
{
    public static Command At()
    {
        var line = new Argument<string>("LINE") { Description = "The line" };
        var time = new Argument<DateTimeOffset>("TIME") { Description = "An instant, such as 2026-11-28T14:00:00Z; without a zone: UTC" };
        var json = Shared.Json();
        var command = new Command("at", "What was in force on a line at an instant: recipe, models, thresholds, calibration, leases.\n\nExample: inspection audit at line1 2026-11-28T14:00:00Z --plant plant.yaml") { line, time, json };
        var from = AuditSource.AddTo(command, asArgument: false);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                using var source = from.Open(parsed, out _);
                var id = Line(source.Lines, parsed.GetRequiredValue(line));
                var situation = LineSituation.At(source, id, parsed.GetRequiredValue(time).UtcDateTime);
                situation.Print(output.Foreign);
                output.AnswerText(situation.ToJson());
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }

    public static Command Counterfactual()
    {
        var policy = Shared.Required("--policy", "A YAML file: thresholds: { reject: 3.1 }, and for money costs: { escape: 100, overkill: 1 }");
        var lines = new Option<string[]>("--line") { Description = "Only these lines; default: all", AllowMultipleArgumentsPerToken = true };
        var since = new Option<DateTimeOffset?>("--from") { Description = "From this time on; default: from the first part" };
        var before = new Option<DateTimeOffset?>("--before") { Description = "Before this time; default: to the last part" };
        var labels = Shared.Optional("--labels", "folder: the first folder of a part's name is its label ('good', or a defect)");
        _ = labels.AcceptOnlyFromAmong("folder");
        var json = Shared.Json();
        var command = new Command("counterfactual", "Judges recorded parts again under other thresholds or costs: which would have another verdict.\n\nExample: inspection audit counterfactual --policy stricter.yaml --plant plant.yaml") { policy, lines, since, before, labels, json };
        var from = AuditSource.AddTo(command, asArgument: false);
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                using var source = from.Open(parsed, out _);
                var range = new CounterfactualRange(
                    parsed.GetValue(since)?.UtcDateTime,
                    parsed.GetValue(before)?.UtcDateTime,
                    (parsed.GetValue(lines) ?? []).Select(l => Line(source.Lines, l)).ToHashSet());
                var report = Audit.Asking.Counterfactual.Run(source, CounterfactualReader.Read(parsed.GetRequiredValue(policy)), range, parsed.GetValue(labels) is null ? null : Truth.OfPath);
                report.Print(output.Foreign);
                output.AnswerText(report.ToJson());
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }

    private static LineId Line(IReadOnlyList<LineId> known, string name) => known.FirstOrDefault(l => l.Value == name) is { Value: not null } line
        ? line
        : throw new PlantException($"there is no line {name} here; there are {string.Join(", ", known)}");
}
