using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A pod that hangs is started again, one that is not ready gets no work. Readiness may ask for others, the rest must not.</summary>
internal static class Probes
{
    private const string Live = "/health/live";
    private const string Ready = "/health/ready";

    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. manifests.Members.SelectMany(w => Of(w, w.Inspection!)),
        .. manifests.Workloads.Where(w => w.RunsForever)
            .SelectMany(w => w.Containers.Where(c => c.Name != Workload.ContainerName && c.ReadinessProbe is null).Select(c => $"{w.At(c)}: readinessProbe is missing; ask the server whether it answers")),
    ];

    private static IEnumerable<string> Of(Workload w, V1Container c) =>
    [
        .. Of(w, c, "startupProbe", c.StartupProbe, Live),
        .. Of(w, c, "readinessProbe", c.ReadinessProbe, Ready),
        .. Of(w, c, "livenessProbe", c.LivenessProbe, Live),
    ];

    private static IEnumerable<string> Of(Workload w, V1Container c, string field, V1Probe? probe, string path) => probe?.HttpGet is not { } get
        ? [$"{w.At(c)}: {field} is missing; httpGet {path} on port http"]
        :
        [
            .. Unless(get.Path == path, $"{w.At(c)}: {field} asks for {Text.Or(get.Path)}; set path {path}"),
            .. Unless(get.Port == "http" && w.Port("http") is not null, $"{w.At(c)}: {field} asks on port {Text.Or(get.Port)}; take the port named http"),
        ];
}
