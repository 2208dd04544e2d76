using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Work;

namespace Inspection.Embedded;

/// <summary>A package as it was accepted: verified, and signed by somebody.</summary>
internal sealed record ApprovedPackage(string Name, ModelPolicy Policy, string ManifestJson, string SignatureId, string Approval);

internal sealed record LineModelSet(LineModels Models, ApprovedPackage CoarsePackage, ApprovedPackage? VerifierPackage);

/// <summary>
/// The models of a plant, each package verified once, however many lines use it. Embedded mode signs an unsigned package with its local
/// key and says so for ever: approval "self-approved".
/// </summary>
internal sealed class PlantModels
{
    private readonly Dictionary<LineId, LineModelSet> _lines = [];

    public LineModelSet Of(LineId line) => _lines[line];

    /// <summary>What the node's workers open.</summary>
    public IReadOnlyList<LineModels> All => [.. _lines.Values.Select(l => l.Models)];

    /// <exception cref="PackageException">A package is not in order: what, where, why, what to do.</exception>
    /// <exception cref="ProviderUnavailableException">The configured provider is not there.</exception>
    public static PlantModels Load(Plant plant)
    {
        var models = new PlantModels();
        var options = new InferenceOptions { Provider = Enum.Parse<InferenceProvider>(plant.Inference.Provider, ignoreCase: true), DeviceId = plant.Inference.DeviceId };
        var simulated = plant.Inference.Simulated is { } s ? new SimulatedLatency(s.Base, s.PerFrame) : null;
        var coarse = new Dictionary<string, (CoarseModel, ApprovedPackage)>(StringComparer.Ordinal);
        var verifiers = new Dictionary<string, (VerifierModel, ApprovedPackage)>(StringComparer.Ordinal);
        foreach (var line in plant.Lines)
        {
            var (coarseModel, coarsePackage) = Once(coarse, line.Recipe.CoarsePackage, path => Coarse(path, plant.KeyPath, options, simulated));
            (VerifierModel? Model, ApprovedPackage? Package) verifier = line.Recipe.VerifierPackage is { } path
                ? Once(verifiers, path, p => Verifier(p, plant.KeyPath, options))
                : (null, null);
            models._lines[line.Line] = new LineModelSet(new LineModels(coarseModel, verifier.Model), coarsePackage, verifier.Package);
        }

        return models;
    }

    private static (CoarseModel, ApprovedPackage) Coarse(string path, string key, InferenceOptions options, SimulatedLatency? simulated)
    {
        var package = Open(path, key, ModelStage.Coarse);
        return (PackageModels.Coarse(package, options, simulated), Approved(package));
    }

    private static (VerifierModel, ApprovedPackage) Verifier(string path, string key, InferenceOptions options)
    {
        var package = Open(path, key, ModelStage.Verifier);
        return (PackageModels.Verifier(package, options), Approved(package));
    }

    private static ModelPackage Open(string path, string keyPath, ModelStage stage)
    {
        if (File.Exists(Path.Combine(path, PackageFiles.Manifest)) && !File.Exists(Path.Combine(path, PackageFiles.Signature)))
        {
            using var key = SigningKey.LoadOrCreate(keyPath);
            _ = PackageSigner.Sign(path, key);
        }

        return PackageModels.Open(path, stage);
    }

    private static ApprovedPackage Approved(ModelPackage package) =>
        new(package.Manifest.Name, package.Policy, package.ManifestText, package.SignatureId, "self-approved");

    private static T Once<T>(Dictionary<string, T> known, string path, Func<string, T> load)
    {
        if (!known.TryGetValue(path, out var value))
        {
            known[path] = value = load(path);
        }

        return value;
    }
}
