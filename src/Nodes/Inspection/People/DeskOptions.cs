using System.CommandLine;
using Inspection.Audit.Asking;
using Inspection.Commands;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.People;

/// <summary>Of every command that writes a person's word: about which part or station, in which plant, who says so and why.</summary>
internal sealed class DeskOptions
{
    private readonly Argument<string?> _about;
    private readonly Option<string> _by = Shared.Required("--by", "Who says so");
    private readonly Option<string> _why = Shared.Required("--why", "And why");
    private readonly Option<string> _plant = Shared.Plant(required: false);
    private readonly Option<string?> _config = Shared.Optional("--config", "A node file of the cluster: its supervisors are asked");
    private readonly Option<string?> _to = Shared.Optional("--to", "A node of the plant that runs, http://NODE:PORT; INSPECTION_ACCESS_KEY is shown to it");

    private DeskOptions(Argument<string?> about) => _about = about;

    /// <param name="command">Gets the options.</param>
    /// <param name="oneOrMany">The part may be left out: the command has another way to name parts.</param>
    public static DeskOptions AddTo(Command command, bool oneOrMany = false) => AddTo(
        command,
        new Argument<string?>("PART") { Description = "LINE/EPOCH/COUNTER, as reports name it", Arity = oneOrMany ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne });

    /// <summary>Of a command about a station.</summary>
    public static DeskOptions AddForStation(Command command) => AddTo(
        command,
        new Argument<string?>("STATION") { Description = "LINE/STATION, as status names it", Arity = ArgumentArity.ExactlyOne });

    private static DeskOptions AddTo(Command command, Argument<string?> about)
    {
        var options = new DeskOptions(about);
        command.Add(about);
        command.Add(options._by);
        command.Add(options._why);
        command.Add(options._plant);
        command.Add(options._config);
        command.Add(options._to);
        return options;
    }

    /// <summary>About a part.</summary>
    /// <exception cref="PlantException">What is given is wrong.</exception>
    public DeskRequest Read(ParseResult parsed) => ReadPlant(parsed) with { Part = parsed.GetValue(_about) is { } part ? AuditReceipt.Name(part) : null };

    /// <summary>About a station of the plant.</summary>
    /// <exception cref="PlantException">What is given is wrong, or the plant has no such station.</exception>
    public (DeskRequest Request, StationName Station) ReadStation(ParseResult parsed)
    {
        var request = ReadPlant(parsed);
        var name = parsed.GetRequiredValue(_about)!;
        var known = request.Plant.Lines.SelectMany(l => l.Stations.Select(s => new StationName(l.Line, s.Station))).ToList();
        return known.FirstOrDefault(s => s.ToString() == name) is { Line.Value: not null } station
            ? (request, station)
            : throw new PlantException($"{request.Plant.File} has no station {name}; it has {string.Join(", ", known)}");
    }

    private DeskRequest ReadPlant(ParseResult parsed)
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
            ? new DeskRequest(plant, null, by, why, new LineDesk(plant, nodes))
            : throw new PlantException("--by and --why are said in words: at most 200 characters who, at most 4000 why");
    }

    private static (Plant, IReadOnlyList<Uri>) OfNode(NodePlan plan) => (PlantReader.Read(plan.PlantFile, plan.StatePath), [.. plan.Supervisors.Select(s => new Uri($"http://{s}/"))]);
}

/// <param name="Part">Null only where the command may do without, or is about a station.</param>
internal sealed record DeskRequest(Plant Plant, PartName? Part, string By, string Why, LineDesk Desk);
