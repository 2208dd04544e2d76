using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

internal static class Quantities
{
    /// <summary>Of this resource, in its base unit; null where it is not said.</summary>
    public static decimal? Amount(this IDictionary<string, ResourceQuantity>? amounts, string resource) =>
        amounts is not null && amounts.TryGetValue(resource, out var amount) ? amount.ToDecimal() : null;
}
