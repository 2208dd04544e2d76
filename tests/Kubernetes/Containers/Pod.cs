using Inspection.Kubernetes.Tests.Policies.Rules;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>
/// A pod of a rendered manifest, to be run with the same image, arguments, environment, mounts, user, read-only root and dropped rights. What
/// engines have no word for: a fieldRef is resolved here, a Secret comes from the test, a claim or an emptyDir is a folder of the host that belongs
/// to the fsGroup, memory and CPU are not limited, probes are asked by the test, network policies are not enforced.
/// </summary>
/// <param name="Name">The pod's.</param>
/// <param name="Template">Of its workload.</param>
/// <param name="Names">Those it has in the plant's DNS: POD.SERVICE, and SERVICE where it is the only one.</param>
internal sealed record Pod(string Name, V1PodTemplateSpec Template, IReadOnlyList<string> Names)
{
    /// <summary>Environment variables that a test sets besides, or in place of the manifest's.</summary>
    public IReadOnlyDictionary<string, string> Changed { get; init; } = new Dictionary<string, string>();

    public V1Container Container => Template.Spec.Containers.Single();

    public long User => Template.Spec.SecurityContext.RunAsUser!.Value;

    public long Group => Template.Spec.SecurityContext.RunAsGroup!.Value;

    /// <summary>The one its volumes belong to.</summary>
    public long VolumeGroup => Template.Spec.SecurityContext.FsGroup!.Value;

    public TimeSpan Grace => TimeSpan.FromSeconds(Template.Spec.TerminationGracePeriodSeconds ?? 30);

    /// <param name="address">Its own.</param>
    /// <param name="secrets">By name and key.</param>
    public IReadOnlyDictionary<string, string> Environment(string address, IReadOnlyDictionary<(string, string), string> secrets)
    {
        V1EnvVar[] variables = [.. Changed.Select(c => new V1EnvVar { Name = c.Key, Value = c.Value }), .. Container.Env.Where(v => !Changed.ContainsKey(v.Name))];
        return ProcessEnvironment.Of(variables, source => source switch
        {
            { FieldRef.FieldPath: "metadata.name" } => Name,
            { FieldRef.FieldPath: "status.podIP" } => address,
            { SecretKeyRef: { } secret } => secrets[(secret.Name, secret.Key)],
            _ => throw new NotSupportedException($"{Name}: a variable comes from something that the tests can't resolve"),
        });
    }
}
