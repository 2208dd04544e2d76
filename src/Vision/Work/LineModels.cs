using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;

namespace Inspection.Vision.Work;

/// <summary>A verified coarse package and how a worker opens its own session of it. One instance a package a process: workers know it by reference.</summary>
public sealed record CoarseModel(string Directory, PackageManifest Manifest, ModelPolicy Policy, Func<ICoarseSession> Open);

/// <inheritdoc cref="CoarseModel"/>
public sealed record VerifierModel(string Directory, PackageManifest Manifest, ModelPolicy Policy, Func<IVerifierSession> Open);

/// <summary>What a line inspects with.</summary>
public sealed record LineModels(CoarseModel Coarse, VerifierModel? Verifier);
