using System.Text.RegularExpressions;
using Inspection.Kubernetes.Tests.Policies.Rendering;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>What is in a file is in the history: passwords come from a Secret that somebody makes in the cluster.</summary>
internal static partial class Secrets
{
    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. manifests.Documents.Where(d => d.Kind == "Secret").Select(d => $"{d.Title}: a Secret stands in a file; remove it and make it in the cluster"),
        .. manifests.Documents.SelectMany(d => Unless(!Password().IsMatch(d.Text), $"{d.Title}: has a literal password; take it from the Secret inspection-journal")),
        .. from w in manifests.Workloads
           from c in w.Containers
           from e in c.Env ?? []
           where (SecretName().IsMatch(e.Name) || e.Name == "INSPECTION__JOURNAL__POSTGRES") && e.ValueFrom?.SecretKeyRef is null
           select $"{w.At(c)}: variable {e.Name} has a literal value; take it by secretKeyRef from inspection-journal",
    ];

    [GeneratedRegex(@"(password|pwd)\s*=\s*\S|://[^/\s:@""]+:[^/\s@""]+@", RegexOptions.IgnoreCase)]
    private static partial Regex Password();

    [GeneratedRegex("PASSWORD|SECRET|TOKEN", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
