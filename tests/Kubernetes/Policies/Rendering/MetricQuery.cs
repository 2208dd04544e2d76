using System.Text.RegularExpressions;
using Inspection.Kubernetes.Tests.Policies.Rendering.Custom;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>A metric with the labels asked of it; null as a value: any.</summary>
internal sealed record Selected(string Metric, IReadOnlyList<(string Label, string? Value)> Labels);

/// <summary>A question that a scaler or an alert asks of the metrics.</summary>
internal sealed partial record MetricQuery(string At, string Text, IReadOnlyList<Selected> Metrics)
{
    public static IEnumerable<MetricQuery> Of(Manifests manifests) =>
    [
        .. manifests.All<ScaledObject>().SelectMany(s => (s.Spec?.Triggers ?? []).Select(t => OfTrigger($"ScaledObject/{s.Metadata.Name}", t))),
        .. manifests.All<V2HorizontalPodAutoscaler>().SelectMany(h => (h.Spec.Metrics ?? []).Select(m => OfMetric($"HorizontalPodAutoscaler/{h.Metadata.Name}", m))),
        .. manifests.All<PrometheusRule>().SelectMany(r => (r.Spec?.Groups ?? []).SelectMany(g => g.Rules ?? []).Select(a => OfAlert($"PrometheusRule/{r.Metadata.Name}: {a.Alert}", a))),
    ];

    private static MetricQuery OfTrigger(string at, ScaledObjectTrigger trigger) => trigger.Type == "prometheus"
        ? OfQuery(at, trigger.Metadata?.TryGetValue("query", out var query) == true ? query : "")
        : new MetricQuery(at, trigger.Type ?? "", []);

    private static MetricQuery OfMetric(string at, V2MetricSpec metric) => metric.External?.Metric is { } external
        ? new MetricQuery(at, external.Name, [new Selected(external.Name, [.. (external.Selector?.MatchLabels ?? new Dictionary<string, string>()).Select(p => (p.Key, (string?)p.Value))])])
        : new MetricQuery(at, metric.Resource?.Name ?? metric.ContainerResource?.Name ?? metric.Pods?.Metric.Name ?? metric.Type, []);

    /// <summary>The labels an alert's words show count as asked of each metric in its expression.</summary>
    private static MetricQuery OfAlert(string at, AlertRule alert)
    {
        var asked = OfQuery(at, alert.Expr ?? "");
        var shown = (alert.Annotations ?? new Dictionary<string, string>()).Values.SelectMany(v => Shown().Matches(v)).Select(m => (m.Groups[1].Value, (string?)null));
        return asked with { Metrics = [.. asked.Metrics.Select(m => m with { Labels = [.. m.Labels, .. shown] })] };
    }

    private static MetricQuery OfQuery(string at, string query) => new(at, query, [.. Metric().Matches(query).Select(m => new Selected(
        m.Groups["name"].Value,
        [.. Label().Matches(m.Groups["labels"].Value).Select(l => (l.Groups["name"].Value, l.Groups["operator"].Value == "=" ? l.Groups["value"].Value : null))]))]);

    [GeneratedRegex(@"(?<name>inspection_[a-z_]+)(\{(?<labels>[^}]*)\})?")]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?<name>[a-z_]+)\s*(?<operator>=~|!~|!=|=)\s*""(?<value>[^""]*)""")]
    private static partial Regex Label();

    [GeneratedRegex(@"\$labels\.([a-z_]+)")]
    private static partial Regex Shown();
}
