using System.CommandLine;
using Inspection.Console;
using Inspection.Embedded;
using Inspection.Members;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

internal static class NodeCommand
{
    public static Command Create()
    {
        var config = Shared.Required("--config", "The node file");
        var roles = Shared.Required("--roles", $"With commas: {string.Join(", ", NodeRoles.All)}");
        var command = new Command("node", "One member of a cluster, with any set of roles; SIGTERM drains it and hands over.\n\nExample: inspection node --config s1.yaml --roles sensor") { config, roles };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(json: false, headless: true);
            return Failures.GuardAsync(output, async () =>
            {
                var plan = NodeReader.Read(parsed.GetRequiredValue(config));
                var set = NodeRoles.Parse(parsed.GetRequiredValue(roles));
                var plant = PlantReader.Read(plan.PlantFile, plan.StatePath);
                plant = plan.Inference is { } own ? plant with { Inference = own } : plant;
                var models = NodeModels.Load(plan, plant, set, output);
                return await new NodeProcess(new NodeState(plan, plant, set), output).RunAsync(models, cancel);
            });
        });
        return command;
    }
}
