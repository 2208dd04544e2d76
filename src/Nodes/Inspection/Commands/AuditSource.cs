using System.CommandLine;
using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Commands;

/// <summary>What an audit command reads: a bundle, or the journal of a plant file or of a node file.</summary>
internal sealed class AuditSource
{
    private readonly Argument<string?> _argument = new("BUNDLE") { Description = "A bundle directory; or give --plant or --config", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _bundle = Shared.Optional("--bundle", "A bundle directory");
    private readonly Option<string> _plant = Shared.Plant(required: false);
    private readonly Option<string?> _config = Shared.Optional("--config", "A node file, whose plant is read");
    private readonly bool _hasArgument;

    private AuditSource(bool hasArgument) => _hasArgument = hasArgument;

    /// <param name="asArgument">The bundle is the command's argument; else its option --bundle.</param>
    public static AuditSource AddTo(Command command, bool asArgument)
    {
        var source = new AuditSource(asArgument);
        if (asArgument)
        {
            command.Add(source._argument);
        }
        else
        {
            command.Add(source._bundle);
        }

        command.Add(source._plant);
        command.Add(source._config);
        return source;
    }

    /// <param name="packages">The folders of the packages that it names.</param>
    /// <exception cref="PlantException">None or several are named, or what is named is wrong.</exception>
    public IJournalSource Open(ParseResult parsed, out IReadOnlyList<string> packages)
    {
        var (bundle, plant, config) = (_hasArgument ? parsed.GetValue(_argument) : parsed.GetValue(_bundle), parsed.GetValue(_plant), parsed.GetValue(_config));
        switch (bundle, plant, config)
        {
            case ({ } folder, null, null):
                var reader = BundleReader.Open(folder);
                packages = reader.PackageFolders;
                return reader;
            case (null, { } file, null):
                return OfPlant(PlantReader.Read(file), out packages);
            case (null, null, { } file):
                var node = NodeReader.Read(file);
                return OfPlant(PlantReader.Read(node.PlantFile, node.StatePath), out packages);
            default:
                throw new PlantException("say what to read: one of a bundle directory, --plant FILE and --config FILE");
        }
    }

    private static IJournalSource OfPlant(Plant plant, out IReadOnlyList<string> packages)
    {
        packages = [.. plant.Lines.SelectMany(l => new[] { l.Recipe.CoarsePackage, l.Recipe.VerifierPackage }).OfType<string>().Where(Directory.Exists).Distinct(StringComparer.Ordinal)];
        return plant.Journal.OpenSource();
    }
}
