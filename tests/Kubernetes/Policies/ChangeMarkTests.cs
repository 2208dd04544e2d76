using Inspection.Kubernetes.Tests.Policies.Rendering;

namespace Inspection.Kubernetes.Tests.Policies;

/// <summary>Who installs a plant reads its overlay from CHANGE to CHANGE: whatever differs from plant to plant bears the mark.</summary>
public sealed class ChangeMarkTests
{
    [Theory]
    [InlineData("edge.yaml", "nodeSelector:")]
    [InlineData("edge.yaml", "replicas:")]
    [InlineData("gpu.yaml", "nodeSelector:")]
    [InlineData("gpu.yaml", "INSPECTION__NODE__INFERENCE__PROVIDER")]
    [InlineData("journal.yaml", "cidr:")]
    [InlineData("models.yaml", "storageClassName:")]
    [InlineData("kustomization.yaml", "newName:")]
    [InlineData("plant.yaml", "plant's lines")]
    public void A_line_that_differs_from_plant_to_plant_bears_the_mark(string file, string line)
    {
        var found = Lines(file).Where(l => l.Contains(line, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(found);
        Assert.All(found, l => Assert.Contains("CHANGE", l, StringComparison.Ordinal));
    }

    [Fact]
    public void The_journal_says_which_secret_it_wants() =>
        Assert.Contains(Lines("journal.yaml"), l => l.StartsWith('#') && l.Contains("inspection-journal", StringComparison.Ordinal));

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Manifests.Folder("overlays"), Manifests.Plant, file));
}
