using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Nodes.Hosting.Nodes;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>Draining a machine keeps a majority of supervisors, one machine holds not all of them, and a short machine evicts workers first.</summary>
internal static class Availability
{
    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. manifests.Members.SelectMany(w => Budget(manifests, w)),
        .. manifests.Workloads.Where(w => w.Role == NodeRoles.Supervisor).SelectMany(Spread),
        .. manifests.Workloads.SelectMany(w => Priority(manifests, w)),
    ];

    private static IEnumerable<string> Budget(Manifests manifests, Workload w) => manifests.All<V1PodDisruptionBudget>().Where(b => b.Spec.Selector.Selects(w)).ToList() switch
    {
        [var budget] => w.Role == NodeRoles.Supervisor ? Majority(w, budget) : [],
        var found => [$"{w.Title}: {Text.Of(found.Count)} PodDisruptionBudgets select it; exactly one has to"],
    };

    private static IEnumerable<string> Majority(Workload w, V1PodDisruptionBudget budget)
    {
        var majority = (w.Replicas / 2) + 1;
        var kept = budget.Spec switch
        {
            { MinAvailable: { } least } when int.TryParse(least, out var n) => n,
            { MaxUnavailable: { } most } when int.TryParse(most, out var n) => w.Replicas - n,
            _ => 0,
        };
        return
        [
            .. Unless(kept >= majority, $"PodDisruptionBudget/{budget.Metadata.Name}: keeps {Text.Of(kept)} of {Text.Of(w.Replicas)} supervisors; a majority is {Text.Of(majority)}"),
            .. Unless(kept < w.Replicas, $"PodDisruptionBudget/{budget.Metadata.Name}: keeps all {Text.Of(w.Replicas)} supervisors; no machine could be drained"),
        ];
    }

    private static IEnumerable<string> Spread(Workload w) => Unless(
        w.Pod.TopologySpreadConstraints?.Any(c => c.TopologyKey == "kubernetes.io/hostname" && c.LabelSelector.Selects(w)) == true,
        $"{w.Title}: topologySpreadConstraints has none on kubernetes.io/hostname that selects it; add one, machines fail as a whole");

    private static IEnumerable<string> Priority(Manifests manifests, Workload w) => w.Pod.PriorityClassName switch
    {
        null => Unless(!w.RunsForever, $"{w.Title}: priorityClassName is missing; name inspection-lines or inspection-workers"),
        var name => Unless(manifests.Find<V1PriorityClass>(name) is not null, $"{w.Title}: priorityClassName {name} is not among these objects; correct the name"),
    };
}
