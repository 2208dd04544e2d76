using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Tests.Support;
using Xunit;

namespace Inspection.Nodes.Tests;

/// <summary>cluster-config/ beside the program, as a ConfigMap puts it there.</summary>
public sealed class ClusterConfigTests : IDisposable
{
    private static readonly string[] Roles = ["sensor", "detector"];

    private static readonly string Files = Path.Combine(Repository.Root, "cluster-config");

    private readonly Scratch _scratch = new();

    public ClusterConfigTests()
    {
        foreach (var file in Directory.EnumerateFiles(Files, "*.hocon", SearchOption.AllDirectories))
        {
            _ = _scratch.File(Path.GetRelativePath(Files, file), File.ReadAllText(file));
        }
    }

    [Fact]
    public void The_files_of_a_folder_take_the_place_of_those_inside()
    {
        _ = _scratch.File("base.hocon", File.ReadAllText(_scratch["base.hocon"]).Replace("stable-after = 1500ms", "stable-after = 7s", StringComparison.Ordinal));

        const string Key = "akka.cluster.split-brain-resolver.stable-after";
        Assert.Equal(TimeSpan.FromSeconds(1.5), ClusterConfig.Of("plant", Roles).GetTimeSpan(Key));
        Assert.Equal(TimeSpan.FromSeconds(7), ClusterConfig.Of("plant", Roles, _scratch.Root).GetTimeSpan(Key));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(_scratch["roles/detector.hocon"]);

        var error = Assert.Throws<PlantException>(() => ClusterConfig.Of("plant", Roles, _scratch.Root));

        Assert.Contains(_scratch["roles/detector.hocon"], error.Message, StringComparison.Ordinal);
        Assert.Contains("INSPECTION_CLUSTER_CONFIG", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_HOCON_is_named()
    {
        _ = _scratch.File("profiles/plant.hocon", "a = ${nowhere}");

        var error = Assert.Throws<PlantException>(() => ClusterConfig.Of("plant", Roles, _scratch.Root));

        Assert.Contains(_scratch["profiles/plant.hocon"], error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();
}
