using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Work;

namespace Inspection.Embedded;

/// <summary>A package as it was accepted: verified, and signed by somebody.</summary>
internal sealed record ApprovedPackage(string Name, ModelPolicy Policy, string ManifestJson, string SignatureId, string Approval);

internal sealed record LineModelSet(LineModels Models, ApprovedPackage CoarsePackage, ApprovedPackage? VerifierPackage)
{
    public IEnumerable<string> PackageNames => VerifierPackage is { } verifier ? [CoarsePackage.Name, verifier.Name] : [CoarsePackage.Name];
}

/// <summary>How a node takes the packages its plant file names.</summary>
/// <param name="Key">Embedded mode signs an unsigned package with this local key; null: an unsigned package is refused.</param>
/// <param name="RunsModels">Whether sessions are opened here: then golden vectors are run and the provider is tried. Else digest and signature are checked.</param>
/// <param name="Left">Told of a line whose packages are not in order here, which this node then leaves out; null: that is an error.</param>
internal sealed record PackagePolicy(string? Key, bool RunsModels, Action<LineId, PackageException>? Left = null)
{
    /// <summary>Embedded mode: the local key signs.</summary>
    public static PackagePolicy Embedded(Plant plant) => new(plant.KeyPath, RunsModels: true);

    /// <summary>A cluster: packages are signed before they come.</summary>
    public static PackagePolicy Cluster(bool runsModels, Action<LineId, PackageException>? left) => new(null, runsModels, left);
}

/// <summary>The models of a plant, each package verified once, however many lines use it.</summary>
internal sealed class PlantModels
{
    private readonly Dictionary<LineId, LineModelSet> _lines = [];

    public LineModelSet Of(LineId line) => _lines[line];

    /// <summary>Lines whose packages are here.</summary>
    public IReadOnlyCollection<LineId> Lines => _lines.Keys;

    /// <summary>What the node's workers open.</summary>
    public IReadOnlyList<LineModels> All => [.. _lines.Values.Select(l => l.Models)];

    /// <summary>Models that no plant file names: trials of capacity put their own sessions into a real plant.</summary>
    public static PlantModels Of(LineId line, LineModelSet set) => new() { _lines = { [line] = set } };

    /// <exception cref="PackageException">A package is not in order: what, where, why, what to do.</exception>
    /// <exception cref="ProviderUnavailableException">The configured provider is not there.</exception>
    public static PlantModels Load(Plant plant) => Load(plant, PackagePolicy.Embedded(plant));

    /// <inheritdoc cref="Load(Plant)"/>
    public static PlantModels Load(Plant plant, PackagePolicy policy)
    {
        var models = new PlantModels();
        var simulated = plant.Inference.Simulated is { } s ? new SimulatedLatency(s.Base, s.PerFrame) : null;
        var coarse = new Dictionary<string, (CoarseModel, ApprovedPackage)>(StringComparer.Ordinal);
        var verifiers = new Dictionary<string, (VerifierModel, ApprovedPackage)>(StringComparer.Ordinal);
        foreach (var line in plant.Lines)
        {
            try
            {
                var (coarseModel, coarsePackage) = Once(coarse, line.Recipe.CoarsePackage, path => Coarse(path, policy, plant.Inference, simulated));
                (VerifierModel? Model, ApprovedPackage? Package) verifier = line.Recipe.VerifierPackage is { } path
                    ? Once(verifiers, path, p => Verifier(p, policy, plant.Inference))
                    : (null, null);
                models._lines[line.Line] = new LineModelSet(new LineModels(coarseModel, verifier.Model), coarsePackage, verifier.Package);
            }
            catch (PackageException e) when (policy.Left is not null)
            {
                policy.Left(line.Line, e);
            }
        }

        if (plant.Inference.Models.Keys.FirstOrDefault(name => !models._lines.Values.Any(l => l.PackageNames.Contains(name))) is { } unknown && models._lines.Count == plant.Lines.Count)
        {
            throw new PlantException($"inference.models names package '{unknown}', which no line uses; the packages here: {string.Join(", ", models._lines.Values.SelectMany(l => l.PackageNames).Distinct().Order(StringComparer.Ordinal))}");
        }

        return models;
    }

    private static (CoarseModel, ApprovedPackage) Coarse(string path, PackagePolicy policy, InferenceSettings settings, SimulatedLatency? simulated)
    {
        var package = Open(path, policy, ModelStage.Coarse);
        return (PackageModels.Coarse(package, WorkerSetup.OptionsOf(settings, package.Manifest.Name), simulated, policy.RunsModels, settings.UsesGpu), Approved(package));
    }

    private static (VerifierModel, ApprovedPackage) Verifier(string path, PackagePolicy policy, InferenceSettings settings)
    {
        var package = Open(path, policy, ModelStage.Verifier);
        return (PackageModels.Verifier(package, WorkerSetup.OptionsOf(settings, package.Manifest.Name), policy.RunsModels), Approved(package));
    }

    private static ModelPackage Open(string path, PackagePolicy policy, ModelStage stage)
    {
        if (policy.Key is { } keyPath && File.Exists(Path.Combine(path, PackageFiles.Manifest)) && !File.Exists(Path.Combine(path, PackageFiles.Signature)))
        {
            using var key = SigningKey.LoadOrCreate(keyPath);
            _ = PackageSigner.Sign(path, key);
        }

        return PackageModels.Open(path, stage, new PackageLoadOptions { CheckGolden = policy.RunsModels });
    }

    private static ApprovedPackage Approved(ModelPackage package) =>
        new(package.Manifest.Name, package.Policy, package.ManifestText, package.SignatureId, ModelActivated.SelfApproved);

    private static T Once<T>(Dictionary<string, T> known, string path, Func<string, T> load)
    {
        if (!known.TryGetValue(path, out var value))
        {
            known[path] = value = load(path);
        }

        return value;
    }
}
