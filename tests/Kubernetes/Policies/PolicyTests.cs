using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Kubernetes.Tests.Policies.Rules;

namespace Inspection.Kubernetes.Tests.Policies;

/// <summary>Each overlay, as rendered, keeps each policy: no cluster is at hand to refuse a mistake, so the text must.</summary>
public sealed class PolicyTests
{
    public static TheoryData<string, string> EveryOverlayAndPolicy()
    {
        var data = new TheoryData<string, string>();
        Manifests.Overlays.SelectMany(_ => Policies.All, (overlay, policy) => (overlay, policy.Name)).ToList().ForEach(p => data.Add(p.overlay, p.Name));
        return data;
    }

    [Theory]
    [MemberData(nameof(EveryOverlayAndPolicy))]
    public void An_overlay_keeps_every_policy(string overlay, string policy) => Keeps(Manifests.Of(overlay), Policies.Named(policy));

    [Fact]
    public void The_base_alone_is_valid()
    {
        Keeps(Manifests.Of(Manifests.Base), Policies.Schema);
        Keeps(Manifests.Of(Manifests.Base), Policies.Required);
    }

    [Fact]
    public void Every_file_of_cluster_config_has_keys_that_akka_knows()
    {
        var folder = Path.Combine(Repository.Root, "cluster-config");
        var files = Directory.GetFiles(folder, "*.hocon", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(f => HoconKeys.Unknown(File.ReadAllText(f)).Select(k => $"{Path.GetRelativePath(folder, f)}: {k}")));
    }

    /// <summary>A list that lost what the policies look for would keep them all.</summary>
    [Theory]
    [InlineData(Manifests.Local, 7)]
    [InlineData(Manifests.Plant, 5)]
    [InlineData(Manifests.PlantWithHpa, 5)]
    public void The_policies_see_every_workload(string overlay, int workloads)
    {
        Assert.Equal(workloads, Manifests.Of(overlay).Workloads.Count);
        Assert.Equal(5, Manifests.Of(overlay).Members.Count());
    }

    private static void Keeps(Manifests manifests, Policy policy)
    {
        var violations = policy.Check(manifests).ToList();
        Assert.True(violations.Count == 0, $"{manifests.Name} breaks '{policy.Name}':\n{string.Join('\n', violations)}");
    }
}
