using System.CommandLine;
using Inspection.Console;
using Inspection.Embedded;

namespace Inspection.Commands;

internal static class InitCommand
{
    public static Command Create()
    {
        var data = Shared.Required("--data", "Your pictures: train/good and test/LABEL, or good/ and LABEL/ beside each other, or just good pictures");
        var to = Shared.Required("--out", "The plant file to write; models lie beside it");
        var backbone = Shared.Optional("--backbone", "An ONNX file with named feature maps; default: the packaged ResNet-18");
        var align = new Option<string>("--align") { Description = "none, axis or auto (looks whether the good pictures lie at many angles)", DefaultValueFactory = _ => "auto" };
        _ = align.AcceptOnlyFromAmong("none", "axis", "auto");
        var json = Shared.Json();
        var command = new Command("init", "From your own pictures to a running line: fits the models and writes a commented plant file.\n\nExample: inspection init --data pictures --out plant.yaml") { data, to, backbone, align, json };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var result = PlantInit.Run(parsed.GetRequiredValue(data), parsed.GetRequiredValue(to), parsed.GetValue(align)!, parsed.GetValue(backbone), output, cancel);
                output.Line();
                output.Line($"plant file: {result.PlantFile}");
                output.Line($"the camera reads {result.Pictures}{(result.Labelled ? ", labelled by folder" : "")}");
                output.Line("run it:");
                output.Line($"  {Shared.Program} run --plant {parsed.GetRequiredValue(to)}");
                output.Answer(new { plant = result.PlantFile, coarse = result.Coarse, verifier = result.Verifier, pictures = result.Pictures, run = $"{Shared.Program} run --plant {parsed.GetRequiredValue(to)}" });
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }
}
