using System.Text.Json;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;

namespace Inspection.Vision.Work;

/// <summary>A verified coarse package and how a worker opens its own session of it. One instance a package a process: workers know it by reference.</summary>
public sealed record CoarseModel(string Directory, PackageManifest Manifest, ModelPolicy Policy, Func<ICoarseSession> Open)
{
    /// <summary>Names the package between nodes.</summary>
    public Digest Package { get; } = PackageIdentity.Of(Manifest);
}

/// <inheritdoc cref="CoarseModel"/>
public sealed record VerifierModel(string Directory, PackageManifest Manifest, ModelPolicy Policy, Func<IVerifierSession> Open)
{
    /// <inheritdoc cref="CoarseModel.Package"/>
    public Digest Package { get; } = PackageIdentity.Of(Manifest);
}

/// <summary>What a line inspects with.</summary>
public sealed record LineModels(CoarseModel Coarse, VerifierModel? Verifier);

/// <summary>
/// A package's name between nodes: a digest of its whole manifest, which holds the model's digest, the preparation, the thresholds and the
/// lineage. Two nodes that name the same package compute the same.
/// </summary>
public static class PackageIdentity
{
    public static Digest Of(PackageManifest manifest) => Digest.Of(JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifest.Json));
}
