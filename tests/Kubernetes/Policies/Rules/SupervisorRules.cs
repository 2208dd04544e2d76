using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Nodes.Hosting.Nodes;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>The cluster forms over names in node.yaml: they must be the names the StatefulSet gives, resolvable before any pod is ready.</summary>
internal static class SupervisorRules
{
    public static IEnumerable<string> Check(Manifests manifests) =>
        manifests.All<V1StatefulSet>().FirstOrDefault(s => Workload.Of(s)!.Role == NodeRoles.Supervisor) is { } set
            ? Of(manifests, set, Workload.Of(set)!)
            : ["StatefulSet/supervisor is missing; no cluster forms without it"];

    private static IEnumerable<string> Of(Manifests manifests, V1StatefulSet set, Workload w)
    {
        var service = manifests.Find<V1Service>(set.Spec.ServiceName);
        return
        [
            .. Unless(w.Replicas is 3 or 5, $"{w.Title}: replicas is {Text.Of(w.Replicas)}; a majority needs 3 or 5"),
            .. Unless(set.Spec.PodManagementPolicy == "Parallel", $"{w.Title}: podManagementPolicy is {Text.Or(set.Spec.PodManagementPolicy)}; set Parallel, a first start needs two at once"),
            .. Unless(service?.Spec.ClusterIP == "None", $"{w.Title}: Service {set.Spec.ServiceName} is not headless; set clusterIP None"),
            .. Unless(service?.Spec.PublishNotReadyAddresses == true, $"{w.Title}: Service {set.Spec.ServiceName} lacks publishNotReadyAddresses; they find each other before any is ready"),
            .. manifests.Members.SelectMany(m => Plan(manifests, m).SelectMany(p => OfPlan(m, p, set, w))),
        ];
    }

    private static IEnumerable<string> OfPlan(Workload member, NodePlan plan, V1StatefulSet set, Workload supervisor)
    {
        var expected = Enumerable.Range(0, supervisor.Replicas).Select(i => $"{set.Metadata.Name}-{Text.Of(i)}.{set.Spec.ServiceName}:{Text.Or(supervisor.Port("http"))}").ToArray();
        var said = plan.Supervisors.Select(s => s.ToString()).ToArray();
        return
        [
            .. Unless(said.SequenceEqual(expected), $"{member.Title}: node.yaml's supervisors are {Text.Of(said)}; the StatefulSet's names are {Text.Of(expected)}"),
            .. SamePort(member, "remote", plan.RemotePort),
            .. SamePort(member, "http", plan.HttpPort),
            .. member.Port("data") is null ? [] : SamePort(member, "data", plan.DataPort),
        ];
    }

    private static IEnumerable<string> SamePort(Workload w, string name, int port) =>
        Unless(w.Port(name) == port, $"{w.Title}: containerPort {name} is {Text.Or(w.Port(name))}, node.yaml's address.{name} is {Text.Of(port)}; make them the same");

    /// <summary>None where it can't be read: the rule on configuration says why.</summary>
    private static IEnumerable<NodePlan> Plan(Manifests manifests, Workload w)
    {
        if (manifests.ConfigMapOf(w, "config")?.Data?.TryGetValue("node.yaml", out var text) != true)
        {
            return [];
        }

        using var folder = new Scratch();
        return [NodeReader.Read(folder.File("node.yaml", text!))];
    }
}
