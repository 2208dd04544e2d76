using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A misspelt variable is read by nobody, and its default holds in silence: each one is given to whoever reads it.</summary>
internal static class EnvironmentRules
{
    private const string NodePrefix = "INSPECTION__NODE__";
    private const string PlantPrefix = "INSPECTION__";

    /// <summary>Not the program's own: the runtime's, and those of PostgreSQL's image.</summary>
    private static readonly string[] Others = ["DOTNET_EnableDiagnostics", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "PGDATA"];

    public static IEnumerable<string> Check(Manifests manifests) => manifests.Workloads.SelectMany(w => w.Containers.SelectMany(c => Of(manifests, w, c)));

    private static IEnumerable<string> Of(Manifests manifests, Workload w, V1Container c)
    {
        var variables = ProcessEnvironment.Of(c.Env ?? [], Example);
        var overrides = variables.Where(v => v.Key.StartsWith(PlantPrefix, StringComparison.Ordinal)).ToList();
        return
        [
            .. (c.Env ?? []).GroupBy(e => e.Name).Where(g => g.Count() > 1).Select(g => $"{w.At(c)}: variable {g.Key} is given {Text.Of(g.Count())} times; the last one would win"),
            .. variables.Keys.Except(overrides.Select(o => o.Key)).Where(n => !Others.Contains(n) && !ProcessVariables.All.Contains(n))
                .Select(n => $"{w.At(c)}: nobody reads variable {n}; known are {Text.Of(ProcessVariables.All.Concat(Others))} and INSPECTION__A__B"),
            .. ProcessEnvironment.Unexpanded(variables).Select(n => $"{w.At(c)}: variable {n} refers to one that is not above it in the list; move it below"),
            .. overrides.Count == 0 ? [] : OfOverrides(manifests, w, c, overrides),
        ];
    }

    private static string Example(V1EnvVarSource source) => source switch
    {
        { FieldRef.FieldPath: "metadata.name" } => "pod-0",
        { FieldRef.FieldPath: "status.podIP" } => "10.0.0.1",
        { FieldRef: not null } => "field",
        { SecretKeyRef: not null } => "Host=journal;Username=inspection;Database=plant",
        _ => "",
    };

    /// <summary>One by one, so that the message names the variable; then all together, as the pod has them.</summary>
    private static IEnumerable<string> OfOverrides(Manifests manifests, Workload w, V1Container c, List<KeyValuePair<string, string>> overrides)
    {
        if (manifests.ConfigMapOf(w, "config")?.Data is not { } data)
        {
            return [$"{w.At(c)}: has variables {PlantPrefix}... and no volume config with node.yaml and plant.yaml; add it"];
        }

        using var folder = new Scratch();
        foreach (var (name, text) in data)
        {
            _ = folder.File(name, text);
        }

        var single = overrides.SelectMany(o => Read(folder, [o]).Select(e => $"{w.At(c)}: variable {o.Key}: {e}")).ToList();
        return single.Count > 0 ? single : Read(folder, overrides).Select(e => $"{w.At(c)}: its variables together: {e}");
    }

    private static IEnumerable<string> Read(Scratch folder, IReadOnlyList<KeyValuePair<string, string>> variables) => ProcessEnvironment.With(variables, () => Refusal(folder, () =>
    {
        _ = variables.Any(v => v.Key.StartsWith(NodePrefix, StringComparison.Ordinal)) ? NodeReader.Read(folder["node.yaml"]) : null;
        _ = variables.Any(v => !v.Key.StartsWith(NodePrefix, StringComparison.Ordinal)) ? PlantReader.Read(folder["plant.yaml"]) : null;
    }));
}
