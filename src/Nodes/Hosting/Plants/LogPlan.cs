namespace Inspection.Nodes.Hosting.Plants;

/// <summary>The plant's log (rule J8).</summary>
/// <param name="Origin">Its name, and its key's: unique, by custom a URL without scheme.</param>
/// <param name="KeyPath">Its private key, PKCS#8 PEM. A process of all roles makes it where there is none.</param>
/// <param name="Witnesses">Who cosigns it.</param>
public sealed record LogPlan(string Origin, string KeyPath, IReadOnlyList<WitnessPlan> Witnesses);

/// <param name="Address">Its service's address; add-checkpoint is asked there.</param>
/// <param name="KeyPath">A file with its verifier key.</param>
public sealed record WitnessPlan(Uri Address, string KeyPath);
