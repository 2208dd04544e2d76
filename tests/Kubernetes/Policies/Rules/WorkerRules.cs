using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Nodes.Hosting.Nodes;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>Workers are replaced before they leave; in a plant they have a GPU each, and sensors are on the machines beside the lines.</summary>
internal static class WorkerRules
{
    private const string Gpu = "nvidia.com/gpu";
    private const string Provider = "INSPECTION__NODE__INFERENCE__PROVIDER";

    private static readonly string[] Roles = [NodeRoles.Detector, NodeRoles.Verifier];

    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. Roles.SelectMany(role => manifests.All<V1Deployment>().FirstOrDefault(d => Workload.Of(d)!.Role == role) is { } d ? Rolling(d) : [$"Deployment/{role} is missing; nobody does that stage"]),
        .. manifests.IsPlant ? manifests.Workloads.Where(w => Roles.Contains(w.Role)).SelectMany(OfGpu) : [],
        .. manifests.IsPlant ? manifests.Workloads.Where(w => w.Role == NodeRoles.Sensor).SelectMany(Placed) : [],
    ];

    private static IEnumerable<string> Rolling(V1Deployment d)
    {
        var (surge, unavailable) = ((string?)d.Spec.Strategy?.RollingUpdate?.MaxSurge, (string?)d.Spec.Strategy?.RollingUpdate?.MaxUnavailable);
        return
        [
            .. Unless(surge == "1", $"Deployment/{d.Metadata.Name}: strategy.rollingUpdate.maxSurge is {Text.Or(surge)}; set 1"),
            .. Unless(unavailable == "0", $"Deployment/{d.Metadata.Name}: strategy.rollingUpdate.maxUnavailable is {Text.Or(unavailable)}; set 0, the old one drains when the new one works"),
        ];
    }

    private static IEnumerable<string> OfGpu(Workload w)
    {
        var (resources, provider) = (w.Inspection?.Resources, w.Inspection?.Env?.FirstOrDefault(e => e.Name == Provider)?.Value);
        return
        [
            .. Unless(resources?.Requests.Amount(Gpu) == 1, $"{w.Title}: resources.requests has {Gpu} {Text.Or(resources?.Requests.Amount(Gpu))}; set \"1\", one session a GPU"),
            .. Unless(resources?.Limits.Amount(Gpu) == 1, $"{w.Title}: resources.limits has {Gpu} {Text.Or(resources?.Limits.Amount(Gpu))}; set \"1\", the device plugin reads the limit"),
            .. Placed(w),
            .. Unless(w.Pod.Tolerations?.Any(t => t.Key == Gpu) == true, $"{w.Title}: tolerations lacks {Gpu}; GPU machines are tainted with it"),
            .. Unless(provider is "cuda" or "tensorrt", $"{w.Title}: {Provider} is {Text.Or(provider)}; set cuda or tensorrt, else the GPU stays idle"),
        ];
    }

    private static IEnumerable<string> Placed(Workload w) => Unless(w.Pod.NodeSelector is { Count: > 0 }, $"{w.Title}: nodeSelector is missing; name the pool of its machines");
}
