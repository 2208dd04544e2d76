using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Kubernetes.Tests.Policies.Rules;

namespace Inspection.Kubernetes.Tests.Policies;

/// <summary>What must hold of rendered manifests: a name, and a function to what is wrong.</summary>
internal sealed record Policy(string Name, Func<Manifests, IEnumerable<string>> Check);

/// <summary>All policies, so that each overlay is held to each of them.</summary>
internal static class Policies
{
    public static Policy Schema { get; } = new("schema", SchemaRules.Check);

    public static Policy Required { get; } = new("required fields", RequiredFields.Check);

    public static IReadOnlyList<Policy> All { get; } =
    [
        Schema,
        Required,
        new("pod security", PodSecurity.Check),
        new("resources", Resources.Check),
        new("images", Images.Check),
        new("probes", Probes.Check),
        new("network", NetworkRules.Check),
        new("environment", EnvironmentRules.Check),
        new("configuration", ConfigurationRules.Check),
        new("hocon keys", HoconKeys.Check),
        new("supervisors", SupervisorRules.Check),
        new("grace periods", GracePeriods.Check),
        new("availability", Availability.Check),
        new("workers", WorkerRules.Check),
        new("secrets", Secrets.Check),
        new("references", References.Check),
        new("signals", Signals.Check),
    ];

    public static Policy Named(string name) => All.Single(p => p.Name == name);
}
