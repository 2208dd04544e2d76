using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering.Custom;

/// <summary>KEDA's ScaledObject (keda.sh/v1alpha1) as far as the manifests use it: a field that is not here is an error in strict reading.</summary>
public sealed class ScaledObject : CustomResource<ScaledObjectSpec>;

public sealed class ScaledObjectSpec
{
    public ScaleTarget? ScaleTargetRef { get; set; }

    public int? PollingInterval { get; set; }

    public int? CooldownPeriod { get; set; }

    public int? MinReplicaCount { get; set; }

    public int? MaxReplicaCount { get; set; }

    public ScaledObjectFallback? Fallback { get; set; }

    public ScaledObjectAdvanced? Advanced { get; set; }

    public IList<ScaledObjectTrigger>? Triggers { get; set; }
}

/// <summary>KEDA takes a Deployment of apps/v1 where kind and version are left out.</summary>
public sealed class ScaleTarget
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public string? Name { get; set; }
}

public sealed class ScaledObjectFallback
{
    public int? FailureThreshold { get; set; }

    public int? Replicas { get; set; }
}

public sealed class ScaledObjectAdvanced
{
    public HorizontalPodAutoscalerConfig? HorizontalPodAutoscalerConfig { get; set; }
}

public sealed class HorizontalPodAutoscalerConfig
{
    public V2HorizontalPodAutoscalerBehavior? Behavior { get; set; }
}

public sealed class ScaledObjectTrigger
{
    public string? Type { get; set; }

    public string? MetricType { get; set; }

    public IDictionary<string, string>? Metadata { get; set; }
}
