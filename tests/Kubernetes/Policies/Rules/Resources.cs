using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A container without requests is placed anywhere, one without limits takes from its neighbours: both end in late parts.</summary>
internal static class Resources
{
    private static readonly string[] Kinds = ["cpu", "memory"];

    public static IEnumerable<string> Check(Manifests manifests) =>
        from w in manifests.Workloads
        from c in w.Containers
        from kind in Kinds
        from violation in Of(w, c, kind)
        select violation;

    private static IEnumerable<string> Of(Workload w, V1Container c, string kind) => (c.Resources?.Requests.Amount(kind), c.Resources?.Limits.Amount(kind)) switch
    {
        (null, _) => [$"{w.At(c)}: resources.requests.{kind} is missing; say what it uses"],
        (_, null) => [$"{w.At(c)}: resources.limits.{kind} is missing; say the most it may take"],
        ({ } asked, { } most) when most < asked => [$"{w.At(c)}: resources.limits.{kind} is below resources.requests.{kind}; raise the limit"],
        _ => [],
    };
}
