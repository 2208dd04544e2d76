using System.CommandLine;
using Inspection.Audit.Asking;
using Inspection.Commands;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.People;

/// <summary>Of every command that writes a person's word: which part, in which plant, who says so and why.</summary>
internal sealed class DeskOptions
{
    private readonly Argument<string?> _part = new("PART") { Description = "LINE/EPOCH/COUNTER, as reports name it" };
    private readonly Option<string> _by = Shared.Required("--by", "Who says so");
    private readonly Option<string> _why = Shared.Required("--why", "And why");
    private readonly Option<string> _plant = Shared.Plant(required: false);
    private readonly Option<string?> _config = Shared.Optional("--config", "A node file of the cluster: its supervisors are asked");
    private readonly Option<string?> _to = Shared.Optional("--to", "A node of the plant that runs, http://NODE:PORT; INSPECTION_ACCESS_KEY is shown to it");

    /// <param name="command">Gets the options.</param>
    /// <param name="oneOrMany">The part may be left out: the command has another way to name parts.</param>
    public static DeskOptions AddTo(Command command, bool oneOrMany = false)
    {
        var options = new DeskOptions();
        options._part.Arity = oneOrMany ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne;
        command.Add(options._part);
        command.Add(options._by);
        command.Add(options._why);
        command.Add(options._plant);
        command.Add(options._config);
        command.Add(options._to);
        return options;
    }

    /// <exception cref="PlantException">What is given is wrong.</exception>
    public DeskRequest Read(ParseResult parsed)
    {
        var (plant, nodes) = (parsed.GetValue(_plant), parsed.GetValue(_config)) switch
        {
            ({ } file, null) => (PlantReader.Read(file), []),
            (null, { } file) => OfNode(NodeReader.Read(file)),
            _ => throw new PlantException("name the plant: one of --plant FILE and --config FILE"),
        };
        if (parsed.GetValue(_to) is { } to)
        {
            nodes = HttpAddress.TryParse(to) is { } node ? [node] : throw new PlantException($"--to {to} is no http address");
        }

        var (by, why) = (parsed.GetRequiredValue(_by).Trim(), parsed.GetRequiredValue(_why).Trim());
        return by.Length is > 0 and <= 200 && why.Length is > 0 and <= 4_000
            ? new DeskRequest(plant, parsed.GetValue(_part) is { } part ? AuditReceipt.Name(part) : null, by, why, new LineDesk(plant, nodes))
            : throw new PlantException("--by and --why are said in words: at most 200 characters who, at most 4000 why");
    }

    private static (Plant, IReadOnlyList<Uri>) OfNode(NodePlan plan) => (PlantReader.Read(plan.PlantFile, plan.StatePath), [.. plan.Supervisors.Select(s => new Uri($"http://{s}/"))]);
}

/// <param name="Part">Null only where the command may do without.</param>
internal sealed record DeskRequest(Plant Plant, PartName? Part, string By, string Why, LineDesk Desk);
