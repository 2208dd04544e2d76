using System.CommandLine;
using Inspection.Console;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

internal static class CheckCommand
{
    public static Command Create()
    {
        var plant = Shared.Plant();
        var json = Shared.Json();
        var command = new Command("check", "Validates a plant file, its folders and its model packages, and starts nothing.\n\nExample: inspection check --plant plant.yaml") { plant, json };
        command.SetAction((parsed, _) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var read = PlantReader.Read(parsed.GetRequiredValue(plant));
                var sources = PlantSources.Open(read);
                var models = PlantModels.Load(read);
                foreach (var line in read.Lines)
                {
                    var set = models.Of(line.Line);
                    output.Line($"line {line.Line}: {line.Stations.Sum(s => s.Cameras.Count)} cameras, coarse {set.CoarsePackage.Name}, verifier {set.VerifierPackage?.Name ?? "none"}, deadline {Durations.Text(line.Recipe.Deadline)}");
                }

                output.Line($"{read.File}: in order");
                output.Answer(new { plant = read.Name, lines = read.Lines.Count, parts = sources.Total, ok = true });
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }
}
