using System.CommandLine;
using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Vision.Archive;

namespace Inspection.Commands;

/// <summary>What an audit command reads: a bundle, or the journal of a plant file or of a node file.</summary>
internal sealed class AuditSource
{
    private readonly Argument<string?> _argument = new("BUNDLE") { Description = "A bundle directory; or give --plant or --config", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _bundle = Shared.Optional("--bundle", "A bundle directory");
    private readonly Option<string> _plant = Shared.Plant(required: false);
    private readonly Option<string?> _config = Shared.Optional("--config", "A node file, whose plant is read");
    private readonly Option<string?> _frames = Shared.Optional("--frames", "The folder of the frame archive; default: the plant's, or the bundle's own");
    private readonly Option<string[]> _packages = new("--package") { Description = "Model packages beside the plant's own, or for a bundle, which holds no models", AllowMultipleArgumentsPerToken = true };
    private readonly bool _hasArgument;
    private string? _ownFrames;

    private AuditSource(bool hasArgument) => _hasArgument = hasArgument;

    /// <param name="command">Gets the options.</param>
    /// <param name="asArgument">The bundle is the command's argument; else its option --bundle.</param>
    /// <param name="withFrames">It looks at frames, too.</param>
    public static AuditSource AddTo(Command command, bool asArgument, bool withFrames = false)
    {
        var source = new AuditSource(asArgument);
        if (withFrames)
        {
            command.Add(source._frames);
            command.Add(source._packages);
        }

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
                packages = [.. reader.PackageFolders, .. parsed.GetValue(_packages) ?? []];
                _ownFrames = reader.FramesFolder;
                return reader;
            case (null, { } file, null):
                return OfPlant(PlantReader.Read(file), parsed, out packages);
            case (null, null, { } file):
                var node = NodeReader.Read(file);
                return OfPlant(PlantReader.Read(node.PlantFile, node.StatePath), parsed, out packages);
            default:
                throw new PlantException("say what to read: one of a bundle directory, --plant FILE and --config FILE");
        }
    }

    /// <summary>Where frames lie; null: nowhere that is known. After <see cref="Open"/>.</summary>
    public FrameArchive? Frames(ParseResult parsed) => parsed.GetValue(_frames) is { } given
        ? Directory.Exists(given) ? new FrameArchive(given) : throw new PlantException($"there is no folder {given}: give the folder of the frame archive")
        : _ownFrames is { } own ? new FrameArchive(own) : null;

    private IJournalSource OfPlant(Plant plant, ParseResult parsed, out IReadOnlyList<string> packages)
    {
        _ownFrames = plant.Archive?.Folder;
        packages = [.. parsed.GetValue(_packages) ?? [], .. plant.Lines.SelectMany(l => new[] { l.Recipe.CoarsePackage, l.Recipe.VerifierPackage }).OfType<string>().Where(Directory.Exists).Distinct(StringComparer.Ordinal)];
        return plant.Journal.OpenSource();
    }
}
