using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Work;

namespace Inspection.Embedded;

/// <summary>Verified packages with their sessions, for a plant or for an evaluation.</summary>
internal static class PackageModels
{
    private static readonly PackageLoadOptions Unsigned = new() { RequireSignature = false };

    /// <summary>For an evaluation: a package may be unsigned, but what is there must hold.</summary>
    public static LineModels Load(string coarse, string? verifier) => new(
        Coarse(Open(coarse, ModelStage.Coarse, Unsigned), new InferenceOptions()),
        verifier is null ? null : Verifier(Open(verifier, ModelStage.Verifier, Unsigned), new InferenceOptions()));

    /// <exception cref="ProviderUnavailableException">Found here, not at the first frame.</exception>
    /// <param name="simulated">Not null: runs only take their time.</param>
    /// <param name="tries">Whether a session is opened now, to find out; on a GPU it must give the package's golden answers there, too.</param>
    /// <param name="batches">Whether it runs in batches.</param>
    public static CoarseModel Coarse(ModelPackage package, InferenceOptions options, SimulatedLatency? simulated = null, bool tries = true, bool batches = false)
    {
        ICoarseSession OpenSession() => simulated is not null
            ? new SimulatedCoarseSession(package, simulated)
            : batches ? new OnnxBatchSession(package, options) : new OnnxCoarseSession(package, options);
        if (tries)
        {
            using var session = OpenSession();
            if (options.Provider != InferenceProvider.Cpu && simulated is null)
            {
                GoldenVectors.Check(package, session, batches ? options.Batches : [1]);
            }
        }

        return new CoarseModel(package.Directory, package.Manifest, package.Policy, OpenSession);
    }

    /// <inheritdoc cref="Coarse"/>
    public static VerifierModel Verifier(ModelPackage package, InferenceOptions options, bool tries = true)
    {
        IVerifierSession OpenSession() => new OnnxVerifierSession(package, options);
        if (tries)
        {
            using var session = OpenSession();
            if (options.Provider != InferenceProvider.Cpu)
            {
                GoldenVectors.Check(package, session);
            }
        }

        return new VerifierModel(package.Directory, package.Manifest, package.Policy, OpenSession);
    }

    public static ModelPackage Open(string path, ModelStage stage, PackageLoadOptions? options = null)
    {
        var package = ModelPackage.Load(path, options);
        return package.Manifest.Stage == stage
            ? package
            : throw new PackageException(path, $"it is a {package.Manifest.Stage} package where a {stage} package is needed", "Check what the recipe or the command names");
    }
}
