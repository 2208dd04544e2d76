using System.Text.RegularExpressions;
using Inspection.Kubernetes.Tests.Policies.Rendering;
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
        .. Scaler.Of(manifests).SelectMany(s => Unless(s.Least >= 1 && s.Least <= s.Most, $"{s.Title}: scales from {Text.Of(s.Least)} to {Text.Of(s.Most)}; at least 1, and the most above it")),
        .. Scaler.Of(manifests).GroupBy(s => s.Target).Where(g => g.Count() > 1).Select(g => $"{string.Join(" and ", g.Select(s => s.Title))} scale the same workload; keep one"),
        .. Scaler.Of(manifests).SelectMany(s => Unless(
            manifests.All<V1Deployment>().All(d => $"Deployment/{d.Metadata.Name}" != s.Target || d.Spec.Replicas is null),
            $"{s.Target}: says replicas, and {s.Title} scales it; remove replicas, each apply would set it again")),
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

    [GeneratedRegex("gpu|dcgm|nvidia|memory|cpu|container_", RegexOptions.IgnoreCase)]
    private static partial Regex Load();
}
