using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>Nothing is open but what is written, what is written is served by somebody, and only supervisors reach the journal.</summary>
internal static class NetworkRules
{
    private const string Journal = "5432";

    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. DefaultDeny(manifests),
        .. manifests.Workloads.SelectMany(w => Opened(manifests, w)),
        .. Policies(manifests).SelectMany(p => Served(manifests, p)),
        .. Policies(manifests).SelectMany(p => Answered(manifests, p)),
        .. JournalEgress(manifests),
        .. manifests.All<V1Service>().SelectMany(s => OfService(manifests, s)),
    ];

    private static IEnumerable<V1NetworkPolicy> Policies(Manifests manifests) => manifests.All<V1NetworkPolicy>();

    private static IEnumerable<string> DefaultDeny(Manifests manifests) => Unless(
        Policies(manifests).Any(p => p.Spec.PodSelector?.IsEmpty() == true && p.Spec is { Ingress: null or { Count: 0 }, Egress: null or { Count: 0 } } && Governs(p, "Ingress") && Governs(p, "Egress")),
        "NetworkPolicy: none selects all pods with policyTypes Ingress and Egress and no rule; add default-deny");

    private static IEnumerable<string> Opened(Manifests manifests, Workload w) =>
        from port in w.Ports
        where !Admits(manifests, w, port)
        select $"{w.Title}: no NetworkPolicy that selects it opens port {Text.Of(port.ContainerPort)} ({port.Name}); add an ingress rule, or remove the port";

    private static bool Admits(Manifests manifests, Workload w, V1ContainerPort port) => Policies(manifests)
        .Where(p => Governs(p, "Ingress") && p.Spec.PodSelector.Selects(w))
        .SelectMany(p => p.Spec.Ingress ?? [])
        .Any(r => r.Ports is null or { Count: 0 } || r.Ports.Any(n => Number(n) is { } said && (said == port.Name || said == Text.Of(port.ContainerPort))));

    private static IEnumerable<string> Served(Manifests manifests, V1NetworkPolicy policy) =>
        from rule in policy.Spec.Ingress ?? []
        from port in rule.Ports ?? []
        where !manifests.Workloads.Any(w => policy.Spec.PodSelector.Selects(w) && Number(port) is { } said && w.HasPort(said))
        select $"NetworkPolicy/{policy.Metadata.Name}: ingress opens port {Text.Or(Number(port))}, no pod it selects has such a containerPort; correct the number";

    /// <summary>A way out to pods of the plant needs a way in at its other end.</summary>
    private static IEnumerable<string> Answered(Manifests manifests, V1NetworkPolicy policy) =>
        from rule in policy.Spec.Egress ?? []
        from peer in rule.To ?? []
        where peer is { PodSelector: not null, NamespaceSelector: null, IpBlock: null }
        from port in rule.Ports ?? []
        where !manifests.Workloads.Any(w => peer.PodSelector.Selects(w) && w.Ports.Any(p => Text.Of(p.ContainerPort) == Number(port) && Admits(manifests, w, p)))
        select $"NetworkPolicy/{policy.Metadata.Name}: egress to port {Text.Or(Number(port))} of ({peer.PodSelector.Words()}), where no ingress rule admits it; add one there";

    private static IEnumerable<string> JournalEgress(Manifests manifests)
    {
        var open = Policies(manifests).Where(p => (p.Spec.Egress ?? []).Any(r => r.Ports is null or { Count: 0 } || r.Ports.Any(n => Number(n) == Journal))).ToList();
        return
        [
            .. from policy in open
               from w in manifests.Workloads
               where policy.Spec.PodSelector.Selects(w) && w.Role != "supervisor"
               select $"NetworkPolicy/{policy.Metadata.Name}: egress lets {w.Title} reach port {Journal}; only supervisors write the journal",
            .. Unless(open.Any(p => manifests.Role("supervisor") is { } s && p.Spec.PodSelector.Selects(s)), $"NetworkPolicy: no egress lets supervisors reach port {Journal}; add supervisors-to-journal"),
        ];
    }

    private static IEnumerable<string> OfService(Manifests manifests, V1Service service)
    {
        var selector = new V1LabelSelector { MatchLabels = service.Spec.Selector };
        var pods = manifests.Workloads.Where(w => service.Spec.Selector is { Count: > 0 } && selector.Selects(w)).ToList();
        return
            from port in service.Spec.Ports ?? []
            let target = port.TargetPort is { } named ? (string)named : Text.Of(port.Port)
            where !pods.Any(w => w.HasPort(target))
            select $"Service/{service.Metadata.Name}: port {Text.Of(port.Port)} ({port.Name}) is no containerPort of the pods it selects; correct port, targetPort or selector";
    }

    private static bool Governs(V1NetworkPolicy policy, string type) => policy.Spec.PolicyTypes?.Contains(type) == true;

    private static string? Number(V1NetworkPolicyPort port) => port.Port is { } said ? (string)said : null;
}
