using k8s;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>A StatefulSet, a Deployment or a Job, looked at as the pods it makes.</summary>
internal sealed record Workload(string Kind, string Name, int Replicas, V1PodTemplateSpec Template)
{
    public const string RoleLabel = "inspection/role";
    public const string ContainerName = "inspection";

    public string Title => $"{Kind}/{Name}";

    public V1PodSpec Pod => Template.Spec;

    public IDictionary<string, string> Labels => Template.Metadata?.Labels ?? new Dictionary<string, string>();

    public IReadOnlyList<V1Container> Containers => [.. Pod.InitContainers ?? [], .. Pod.Containers ?? []];

    public IReadOnlyList<string> Claims { get; init; } = [];

    public bool RunsForever => Kind != "Job";

    /// <summary>A node of the plant: it runs `inspection node` until it is stopped.</summary>
    public bool IsMember => RunsForever && Inspection is not null;

    public V1Container? Inspection => Containers.FirstOrDefault(c => c.Name == ContainerName);

    public string? Role => Labels.TryGetValue(RoleLabel, out var role) ? role : null;

    public IEnumerable<V1ContainerPort> Ports => Containers.SelectMany(c => c.Ports ?? []);

    public static Workload? Of(IKubernetesObject<V1ObjectMeta> o) => o switch
    {
        V1StatefulSet s => new("StatefulSet", s.Metadata.Name, s.Spec.Replicas ?? 1, s.Spec.Template) { Claims = [.. (s.Spec.VolumeClaimTemplates ?? []).Select(c => c.Metadata.Name)] },
        V1Deployment d => new("Deployment", d.Metadata.Name, d.Spec.Replicas ?? 1, d.Spec.Template),
        V1Job j => new("Job", j.Metadata.Name, j.Spec.Completions ?? 1, j.Spec.Template),
        _ => null,
    };

    /// <summary>A port by its number or its name, as services and network policies may say it.</summary>
    public bool HasPort(string port) => Ports.Any(p => p.Name == port || Text.Of(p.ContainerPort) == port);

    public int? Port(string name) => Ports.FirstOrDefault(p => p.Name == name)?.ContainerPort;

    public string At(V1Container container) => $"{Title}: container {container.Name}";
}
