using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Kubernetes.Tests.Policies.Rendering.Custom;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>Fields the API server requires and reading into its types does not.</summary>
internal static class RequiredFields
{
    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. manifests.Documents.SelectMany(OfDocument),
        .. Twice(manifests),
        .. manifests.Workloads.SelectMany(OfPod),
        .. manifests.All<V1Deployment>().SelectMany(d => OfSelector(Workload.Of(d)!, d.Spec.Selector)),
        .. manifests.All<V1StatefulSet>().SelectMany(s => OfSelector(Workload.Of(s)!, s.Spec.Selector)),
        .. manifests.All<V1StatefulSet>().SelectMany(s => OfServiceName(manifests, s)),
        .. manifests.All<V1Service>().SelectMany(OfService),
        .. manifests.All<ScaledObject>().SelectMany(OfScaledObject),
        .. manifests.All<PodMonitor>().SelectMany(OfPodMonitor),
        .. manifests.All<PrometheusRule>().SelectMany(OfPrometheusRule),
    ];

    private static IEnumerable<string> OfDocument(Document d) =>
    [
        .. Unless(!string.IsNullOrEmpty(Document.Scalar(d.Root, "apiVersion")), $"{d.Title}: apiVersion is missing"),
        .. Unless(d.Kind != "?", $"{d.Title}: kind is missing"),
        .. Unless(d.Name != "?", $"{d.Title}: metadata.name is missing"),
    ];

    private static IEnumerable<string> Twice(Manifests manifests) =>
        manifests.Documents.GroupBy(d => d.Title).Where(g => g.Count() > 1).Select(g => $"{g.Key}: stands there {Text.Of(g.Count())} times; the last one would win");

    private static IEnumerable<string> OfPod(Workload w) =>
    [
        .. Unless(w.Containers.Count > 0, $"{w.Title}: containers is empty"),
        .. w.Containers.Where(c => string.IsNullOrEmpty(c.Name)).Select(_ => $"{w.Title}: a container has no name"),
        .. w.Containers.Where(c => string.IsNullOrEmpty(c.Image)).Select(c => $"{w.At(c)}: image is missing"),
        .. Unless(w.RunsForever || w.Pod.RestartPolicy is "OnFailure" or "Never", $"{w.Title}: restartPolicy is {Text.Or(w.Pod.RestartPolicy)}; a Job needs OnFailure or Never"),
    ];

    private static IEnumerable<string> OfSelector(Workload w, V1LabelSelector? selector) => Unless(
        selector is not null && !selector.IsEmpty() && selector.Selects(w),
        $"{w.Title}: spec.selector ({(selector is null ? "missing" : selector.Words())}) does not match the labels of its own template; make them the same");

    private static IEnumerable<string> OfServiceName(Manifests manifests, V1StatefulSet s) => Unless(
        manifests.Find<V1Service>(s.Spec.ServiceName)?.Spec.ClusterIP == "None",
        $"StatefulSet/{s.Metadata.Name}: serviceName {Text.Or(s.Spec.ServiceName)} names no headless Service; its pods get no names without one");

    private static IEnumerable<string> OfService(V1Service s) =>
    [
        .. Unless(s.Spec.Ports is { Count: > 0 }, $"Service/{s.Metadata.Name}: ports is empty"),
        .. (s.Spec.Ports ?? []).Where(p => p.Port is < 1 or > 65_535).Select(p => $"Service/{s.Metadata.Name}: port {Text.Of(p.Port)} is not allowed: 1 to 65535"),
        .. Unless(s.Spec.Ports is not { Count: > 1 } || s.Spec.Ports.All(p => p.Name is not null), $"Service/{s.Metadata.Name}: with several ports each needs a name"),
    ];

    private static IEnumerable<string> OfScaledObject(ScaledObject s)
    {
        var at = $"ScaledObject/{s.Metadata.Name}";
        return
        [
            .. Unless(s.Spec?.ScaleTargetRef?.Name is { Length: > 0 }, $"{at}: scaleTargetRef.name is missing"),
            .. Unless(s.Spec?.Triggers is { Count: > 0 }, $"{at}: triggers is empty"),
            .. Unless(s.Spec?.Fallback is null or { FailureThreshold: not null, Replicas: not null }, $"{at}: fallback needs failureThreshold and replicas"),
            .. from trigger in s.Spec?.Triggers ?? []
               from key in new[] { "serverAddress", "query", "threshold" }
               where trigger.Type == "prometheus" && string.IsNullOrEmpty(trigger.Metadata?.GetValueOrDefault(key))
               select $"{at}: a trigger of type prometheus has no metadata.{key}",
        ];
    }

    private static IEnumerable<string> OfPodMonitor(PodMonitor m) =>
    [
        .. Unless(m.Spec?.Selector is not null, $"PodMonitor/{m.Metadata.Name}: selector is missing"),
        .. Unless(m.Spec?.PodMetricsEndpoints is { Count: > 0 } ends && ends.All(e => e.Port is not null), $"PodMonitor/{m.Metadata.Name}: podMetricsEndpoints is empty or has one without a port"),
    ];

    private static IEnumerable<string> OfPrometheusRule(PrometheusRule r) =>
    [
        .. Unless(r.Spec?.Groups is { Count: > 0 } groups && groups.All(g => g.Name is not null), $"PrometheusRule/{r.Metadata.Name}: groups is empty or has one without a name"),
        .. (r.Spec?.Groups ?? []).SelectMany(g => g.Rules ?? []).Where(a => string.IsNullOrEmpty(a.Alert) || string.IsNullOrEmpty(a.Expr))
            .Select(a => $"PrometheusRule/{r.Metadata.Name}: rule {Text.Or(a.Alert)} needs alert and expr"),
    ];

    private static string? GetValueOrDefault(this IDictionary<string, string> map, string key) => map.TryGetValue(key, out var value) ? value : null;
}
