using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering.Custom;

/// <summary>The Prometheus operator's PodMonitor (monitoring.coreos.com/v1) as far as the manifests use it.</summary>
public sealed class PodMonitor : CustomResource<PodMonitorSpec>;

public sealed class PodMonitorSpec
{
    public V1LabelSelector? Selector { get; set; }

    public IList<PodMetricsEndpoint>? PodMetricsEndpoints { get; set; }
}

public sealed class PodMetricsEndpoint
{
    public string? Port { get; set; }

    public string? Path { get; set; }

    public string? Interval { get; set; }
}

/// <summary>The Prometheus operator's PrometheusRule (monitoring.coreos.com/v1) as far as the manifests use it.</summary>
public sealed class PrometheusRule : CustomResource<PrometheusRuleSpec>;

public sealed class PrometheusRuleSpec
{
    public IList<RuleGroup>? Groups { get; set; }
}

public sealed class RuleGroup
{
    public string? Name { get; set; }

    public IList<AlertRule>? Rules { get; set; }
}

public sealed class AlertRule
{
    public string? Alert { get; set; }

    public string? Expr { get; set; }

    public string? For { get; set; }

    public IDictionary<string, string>? Labels { get; set; }

    public IDictionary<string, string>? Annotations { get; set; }
}
