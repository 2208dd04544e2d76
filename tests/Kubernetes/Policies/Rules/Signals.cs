using System.Text.RegularExpressions;
using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Kubernetes.Tests.Policies.Rendering.Custom;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A query for a metric nobody exports is empty for ever: workers never scale, alerts never fire. And workers scale by waiting work, not by a GPU's load.</summary>
internal static partial class Signals
{
    /// <summary>Labels whose values are all known; others carry the plant's own names.</summary>
    private static readonly string[] Closed = ["stage", "outcome", "act", "cause"];

    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. MetricQuery.Of(manifests).SelectMany(s => s.Metrics.SelectMany(m => Exported(s, m))),
        .. MetricQuery.Of(manifests).SelectMany(s => Unless(!Load().IsMatch(s.Text), $"{s.At}: '{s.Text}' looks at GPU, CPU or memory; ask how long work waits")),
        .. MetricQuery.Of(manifests).Where(s => s.Metrics.Count == 0 && !Load().IsMatch(s.Text)).Select(s => $"{s.At}: '{s.Text}' asks for no metric of this program; name one"),
        .. manifests.All<ScaledObject>().SelectMany(s => Bounds($"ScaledObject/{s.Metadata.Name}", s.Spec?.MinReplicaCount ?? 0, s.Spec?.MaxReplicaCount ?? 100)),
        .. manifests.All<V2HorizontalPodAutoscaler>().SelectMany(h => Bounds($"HorizontalPodAutoscaler/{h.Metadata.Name}", h.Spec.MinReplicas ?? 1, h.Spec.MaxReplicas)),
        .. Both(manifests),
        .. Scalers(manifests).SelectMany(s => Unless(manifests.Find<V1Deployment>(s.Target)?.Spec.Replicas is null, $"Deployment/{s.Target}: says replicas, and {s.Scaler} scales it; remove replicas, each apply would set it again")),
    ];

    private static IEnumerable<string> Exported(MetricQuery signal, Selected selected)
    {
        if (!ExportedMetrics.All.TryGetValue(selected.Metric, out var labels))
        {
            return [$"{signal.At}: metric {selected.Metric} is not exported; known are {Text.Of(ExportedMetrics.All.Keys.Order())}"];
        }

        return selected.Labels.SelectMany(l => labels.Contains(l.Label)
            ? Unless(l.Value is null || !Closed.Contains(l.Label) || labels[l.Label].Contains(l.Value), $"{signal.At}: metric {selected.Metric} has no {l.Label}=\"{l.Value}\"; known are {Text.Of(labels[l.Label].Distinct())}")
            : [$"{signal.At}: metric {selected.Metric} has no label {l.Label}; it has {Text.Of(labels.Select(k => k.Key))}"]);
    }

    private static IEnumerable<string> Bounds(string at, int least, int most) => Unless(least >= 1 && least <= most, $"{at}: scales from {Text.Of(least)} to {Text.Of(most)}; at least 1, and the most above it");

    private static IEnumerable<(string Scaler, string? Target)> Scalers(Manifests manifests) =>
    [
        .. manifests.All<ScaledObject>().Select(s => ($"ScaledObject/{s.Metadata.Name}", s.Spec?.ScaleTargetRef?.Name)),
        .. manifests.All<V2HorizontalPodAutoscaler>().Select(h => ($"HorizontalPodAutoscaler/{h.Metadata.Name}", (string?)h.Spec.ScaleTargetRef.Name)),
    ];

    private static IEnumerable<string> Both(Manifests manifests) =>
        from s in manifests.All<ScaledObject>()
        join h in manifests.All<V2HorizontalPodAutoscaler>() on s.Spec?.ScaleTargetRef?.Name equals h.Spec.ScaleTargetRef.Name
        select $"ScaledObject/{s.Metadata.Name} and HorizontalPodAutoscaler/{h.Metadata.Name} scale the same workload; keep one";

    [GeneratedRegex("gpu|dcgm|nvidia|memory|cpu|container_", RegexOptions.IgnoreCase)]
    private static partial Regex Load();
}
