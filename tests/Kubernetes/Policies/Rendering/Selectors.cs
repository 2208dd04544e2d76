using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>Label selectors as the API applies them: an empty one selects all, a missing one nothing.</summary>
internal static class Selectors
{
    public static bool Selects(this V1LabelSelector? selector, Workload workload) => selector is not null
        && (selector.MatchLabels ?? new Dictionary<string, string>()).All(p => workload.Labels.TryGetValue(p.Key, out var v) && v == p.Value)
        && (selector.MatchExpressions ?? []).All(e => Holds(e, workload.Labels));

    public static bool IsEmpty(this V1LabelSelector selector) => selector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } };

    public static string Words(this V1LabelSelector selector) => Text.Of(
    [
        .. (selector.MatchLabels ?? new Dictionary<string, string>()).Select(p => $"{p.Key}={p.Value}"),
        .. (selector.MatchExpressions ?? []).Select(e => $"{e.Key} {e.OperatorProperty} {Text.Of(e.Values ?? [])}".TrimEnd()),
    ]);

    private static bool Holds(V1LabelSelectorRequirement e, IDictionary<string, string> labels) => e.OperatorProperty switch
    {
        "In" => labels.TryGetValue(e.Key, out var v) && e.Values.Contains(v),
        "NotIn" => !labels.TryGetValue(e.Key, out var v) || !e.Values.Contains(v),
        "Exists" => labels.ContainsKey(e.Key),
        "DoesNotExist" => !labels.ContainsKey(e.Key),
        var other => throw new InvalidOperationException($"'{other}' is no operator of a label selector: In, NotIn, Exists, DoesNotExist"),
    };
}
