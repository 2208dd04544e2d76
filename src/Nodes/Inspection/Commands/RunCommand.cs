using System.CommandLine;
using Inspection.Console;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

internal static class RunCommand
{
    public static Command Create()
    {
        var plant = Shared.Plant();
        var headless = Shared.Headless();
        var json = Shared.Json();
        var port = Shared.Port();
        var seconds = new Option<double?>("--seconds") { Description = "Stop triggering after so many seconds; default: until the sources are empty or Ctrl-C" };
        var command = new Command("run", "Runs a plant in this process: every role. Resumes after the last part its journal has seen.\n\nExample: inspection run --plant plant.yaml") { plant, headless, json, port, seconds };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json), parsed.GetValue(headless));
            return Failures.GuardAsync(output, async () =>
            {
                var report = await PlantRun.RunAsync(
                    PlantReader.Read(parsed.GetRequiredValue(plant)),
                    parsed.GetValue(seconds) is { } s ? TimeSpan.FromSeconds(s) : null,
                    parsed.GetValue(port),
                    output,
                    cancel);
                report.Print(output);
                output.Answer(report.ToAnswer());
                return report.Totals.All is { IsConserved: true, Open: 0 } ? ExitCodes.Good : ExitCodes.BadAnswer;
            });
        });
        return command;
    }
}
