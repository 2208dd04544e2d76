using Inspection.Kubernetes.Tests.Policies.Rendering;

namespace Inspection.Kubernetes.Tests.Policies;

/// <summary>A policy that can't fail is worth nothing: each mistake here is made in the rendered text, and its policy must name it.</summary>
public sealed class MutationTests
{
    public static TheoryData<string> EveryMutation() => [.. Mutations.All.Select(m => m.What)];

    [Theory]
    [MemberData(nameof(EveryMutation))]
    public void A_mistake_is_named(string what)
    {
        var mutation = Mutations.All.Single(m => m.What == what);
        var rendered = Manifests.Of(mutation.Overlay);
        var violations = Policies.Named(mutation.Policy).Check(Manifests.Parse(rendered.Name, mutation.Apply(rendered))).ToList();
        Assert.True(
            violations.Any(v => v.Contains(mutation.Says, StringComparison.Ordinal)),
            $"'{mutation.Policy}' should say '{mutation.Says}'; it says:\n{string.Join('\n', violations)}");
    }

    [Fact]
    public void Every_policy_has_been_seen_to_fail() => Assert.Empty(Policies.All.Select(p => p.Name).Except(Mutations.All.Select(m => m.Policy)));
}
