using System.CommandLine;
using Inspection.Console;
using Inspection.Embedded;

namespace Inspection.Commands;

internal static class DemoCommand
{
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long the lines stream", DefaultValueFactory = _ => 30 };
        var lines = new Option<int>("--lines") { Description = "Lines", DefaultValueFactory = _ => 2 };
        var cameras = new Option<int>("--cameras") { Description = "Cameras a line: views of each part", DefaultValueFactory = _ => 3 };
        var rate = new Option<double>("--rate") { Description = "Parts a second and line", DefaultValueFactory = _ => 2 };
        var to = Shared.Optional("--out", "Where data, models and plant file go; default: a new folder below inspection-demo");
        var headless = Shared.Headless();
        var port = Shared.Port();
        var json = Shared.Json();
        var command = new Command("demo", "Draws parts, fits both models on them, runs lines and reports: nothing but this program is needed.\n\nExample: inspection demo --seconds 20 --headless")
        {
            seconds, lines, cameras, rate, to, headless, port, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json), parsed.GetValue(headless));
            return Failures.GuardAsync(output, async () =>
            {
                if (parsed.GetValue(seconds) <= 0 || parsed.GetValue(rate) is <= 0 or > 1000 || parsed.GetValue(lines) is < 1 or > 16 || parsed.GetValue(cameras) is < 1 or > 16)
                {
                    output.Error("--seconds and --rate must be above 0 (at most 1000 parts/s), --lines and --cameras from 1 to 16");
                    return ExitCodes.BadInput;
                }

                var folder = parsed.GetValue(to) ?? Path.Combine("inspection-demo", DateTime.Now.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture));
                var options = new DemoOptions(TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(lines), parsed.GetValue(cameras), parsed.GetValue(rate), parsed.GetValue(port), folder);
                var (report, plant) = await Demo.RunAsync(options, output, cancel);
                report.Print(output);
                var relative = Path.GetRelativePath(Environment.CurrentDirectory, plant);
                output.Line();
                output.Line("what to try next:");
                output.Line($"  {Shared.Program} audit replay --plant {relative}     every verdict again, from its recorded scores");
                output.Line($"  {Shared.Program} audit verify --plant {relative}     chain, counters, one terminal record a part");
                output.Line($"  {Shared.Program} audit replay --level R1 --plant {relative}  the kept frames through the models again, bit by bit");
                output.Line($"  {Shared.Program} audit why line1/1/1 --plant {relative}  one part's story in words and pictures");
                output.Line($"  {Shared.Program} run --plant {relative} --seconds 20  goes on after the last part");
                output.Line($"  {Shared.Program} init --data YOUR_PICTURES --out plant.yaml           your own pictures");
                output.Answer(report.ToAnswer());
                return report.Totals.All is { IsConserved: true, Open: 0 } ? ExitCodes.Good : ExitCodes.BadAnswer;
            });
        });
        return command;
    }
}
