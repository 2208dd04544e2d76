using k8s;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering.Custom;

/// <summary>An object of an API that a cluster is extended by.</summary>
public abstract class CustomResource<TSpec> : IKubernetesObject<V1ObjectMeta>
    where TSpec : class
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public TSpec? Spec { get; set; }
}
