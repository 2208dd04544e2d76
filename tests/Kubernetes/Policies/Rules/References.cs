using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Kubernetes.Tests.Policies.Rendering.Custom;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A name that points to nothing leaves a pod pending, or a rule without effect, and nobody says so.</summary>
internal static class References
{
    private const string Secret = "inspection-journal";

    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. manifests.Workloads.SelectMany(w => w.Containers.SelectMany(c => Mounts(w, c))),
        .. manifests.Workloads.SelectMany(w => (w.Pod.Volumes ?? []).SelectMany(v => OfVolume(manifests, w, v))),
        .. manifests.Workloads.SelectMany(w => w.Containers.SelectMany(c => SecretsOf(w, c))),
        .. Scaler.Of(manifests).SelectMany(s => Unless(manifests.Workloads.Any(w => w.Title == s.Target), $"{s.Title}: scaleTargetRef {s.Target} is not among these objects; correct the name")),
        .. manifests.All<PodMonitor>().SelectMany(m => Scraped(manifests, m)),
        .. Chosen(manifests).Where(s => !manifests.Workloads.Any(w => s.Selector.Selects(w))).Select(s => $"{s.At}: selector ({s.Selector.Words()}) matches no pod; correct the label"),
    ];

    private static IEnumerable<string> Mounts(Workload w, V1Container c) =>
        from mount in c.VolumeMounts ?? []
        where !w.Claims.Contains(mount.Name) && (w.Pod.Volumes ?? []).All(v => v.Name != mount.Name)
        select $"{w.At(c)}: volumeMount {mount.Name} ({mount.MountPath}) names no volume of its pod; add the volume";

    private static IEnumerable<string> OfVolume(Manifests manifests, Workload w, V1Volume v) =>
    [
        .. v.ConfigMap is { } map ? OfConfigMap(w, v.Name, map, manifests.Find<V1ConfigMap>(map.Name)) : [],
        .. v.PersistentVolumeClaim is { } claim
            ? Unless(manifests.Find<V1PersistentVolumeClaim>(claim.ClaimName) is not null, $"{w.Title}: volume {v.Name}: claim {claim.ClaimName} is not among these objects; add it")
            : [],
        .. v.Secret is { } secret ? Unless(secret.SecretName == Secret, $"{w.Title}: volume {v.Name}: Secret {secret.SecretName} is unknown; the only one is {Secret}") : [],
    ];

    private static IEnumerable<string> OfConfigMap(Workload w, string volume, V1ConfigMapVolumeSource source, V1ConfigMap? map) => map is null
        ? [$"{w.Title}: volume {volume}: ConfigMap {source.Name} is not among these objects; add it"]
        : (source.Items ?? []).Where(i => map.Data?.ContainsKey(i.Key) != true).Select(i => $"{w.Title}: volume {volume}: ConfigMap {source.Name} has no key {i.Key}; correct the item");

    private static IEnumerable<string> SecretsOf(Workload w, V1Container c) =>
        from name in (c.Env ?? []).Select(e => e.ValueFrom?.SecretKeyRef?.Name).Concat((c.EnvFrom ?? []).Select(e => e.SecretRef?.Name))
        where name is not null and not Secret
        select $"{w.At(c)}: Secret {name} is unknown; the only one is {Secret}";

    private static IEnumerable<string> Scraped(Manifests manifests, PodMonitor monitor) =>
        from end in monitor.Spec?.PodMetricsEndpoints ?? []
        from w in manifests.Workloads
        where monitor.Spec!.Selector.Selects(w) && w.Port(end.Port ?? "") is null
        select $"PodMonitor/{monitor.Metadata.Name}: {w.Title} has no port named {Text.Or(end.Port)}; its metrics would be missing";

    /// <summary>All selectors of pods of this namespace, but those that mean every pod.</summary>
    private static IEnumerable<(string At, V1LabelSelector Selector)> Chosen(Manifests manifests) =>
        All(manifests).Where(s => s.Selector?.IsEmpty() == false).Select(s => (s.At, s.Selector!));

    private static IEnumerable<(string At, V1LabelSelector? Selector)> All(Manifests manifests) =>
    [
        .. manifests.All<V1PodDisruptionBudget>().Select(b => ($"PodDisruptionBudget/{b.Metadata.Name}", b.Spec.Selector)),
        .. manifests.All<V1Service>().Select(s => ($"Service/{s.Metadata.Name}", new V1LabelSelector { MatchLabels = s.Spec.Selector })),
        .. manifests.All<PodMonitor>().Select(m => ($"PodMonitor/{m.Metadata.Name}", m.Spec?.Selector)),
        .. manifests.All<V1NetworkPolicy>().SelectMany(p => OfPolicy(p).Select(s => ($"NetworkPolicy/{p.Metadata.Name}", s))),
        .. manifests.Workloads.SelectMany(w => (w.Pod.TopologySpreadConstraints ?? []).Select(c => ($"{w.Title}: topologySpreadConstraints", (V1LabelSelector?)c.LabelSelector))),
    ];

    private static IEnumerable<V1LabelSelector?> OfPolicy(V1NetworkPolicy policy) =>
    [
        policy.Spec.PodSelector,
        .. (policy.Spec.Ingress ?? []).SelectMany(r => r.FromProperty ?? []).Concat((policy.Spec.Egress ?? []).SelectMany(r => r.To ?? []))
            .Where(p => p.NamespaceSelector is null).Select(p => p.PodSelector),
    ];
}
