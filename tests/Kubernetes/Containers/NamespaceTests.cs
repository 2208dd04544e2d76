using Inspection.Kubernetes.Tests.Containers.Engines;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>What stands in for containers where the kernel refuses them, held to what it claims: the same rights, arguments and names, and a plant that runs.</summary>
[Trait("Speed", "Slow")]
[Collection(NamespacePlant.OwnCollection)]
public sealed class NamespaceTests(NamespacePlant local)
{
    private PodPlant Plant => local.Plant;

    [Fact]
    public async Task The_plant_runs_without_containers_and_outlives_a_killed_detector()
    {
        Assert.Contains("conservation: accepted", local.JobSaid, StringComparison.Ordinal);
        var before = (await Plant.JournalAsync()).IsInOrder();
        await Plant.SendAsync("detector-0", Signal.Kill);
        _ = await Plant.DecidesAsync(6);
        await Plant.ReadyAsync("detector-0");
        Assert.Contains("detector-0", await Plant.AskedAsync("detector-0"), StringComparison.Ordinal);

        var (code, said) = await Plant.DeleteAsync("sensor-0");
        Assert.True(code == 0, $"sensor-0 should hand over and end with 0, not {code}:\n{said}");
        var after = (await Plant.JournalAsync()).IsInOrder();
        Assert.True(after.Accepted >= before.Accepted + 12, $"{before}, then {after}");
    }

    [Fact]
    public async Task Each_process_has_the_rights_its_manifest_gives_it_and_no_more()
    {
        var networks = new HashSet<string>();
        foreach (var pod in Plant.Running)
        {
            var process = $"/proc/{await Plant.ProcessAsync(pod)}";
            var user = pod == PodPlant.Database ? "999" : "10001";
            var status = await File.ReadAllLinesAsync($"{process}/status");
            Assert.Equal($"{user}\t{user}\t{user}\t{user}", Field(status, "Uid"));
            Assert.Equal($"{user}\t{user}\t{user}\t{user}", Field(status, "Gid"));
            Assert.Equal("1", Field(status, "NoNewPrivs"));
            Assert.All((string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set => Assert.Equal("0000000000000000", Field(status, set)));
            Assert.Contains((await File.ReadAllLinesAsync($"{process}/mounts")).Select(l => l.Split(' ')), m => m[1] == "/" && m[3].Split(',').Contains("ro"));
            Assert.True(networks.Add(File.ResolveLinkTarget($"{process}/ns/net", returnFinalTarget: false)!.Name), $"{pod} shares a network with another pod");
        }
    }

    /// <summary>The choice between the two: a runtime that can run nothing is refused in podman's words.</summary>
    [Fact]
    public async Task A_refused_container_leads_to_namespaces_and_the_summary_says_so()
    {
        Assert.Null(await EngineChoice.RefusalAsync());
        var refusal = await EngineChoice.RefusalAsync("--runtime", "/bin/false");
        Assert.NotNull(refusal);
        Assert.Contains(refusal, EngineChoice.Of(refusal).Words, StringComparison.Ordinal);
        Assert.Contains("network namespaces", EngineChoice.Of(refusal).Words, StringComparison.Ordinal);
    }

    private static string Field(string[] status, string name) => status.Single(l => l.StartsWith($"{name}:", StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}

/// <summary>The overlay `local` without containers.</summary>
public sealed class NamespacePlant : LocalPlant
{
    public const string OwnCollection = "the overlay local without containers";

    private protected override Task<EngineChoice> ChooseAsync() => Task.FromResult(new EngineChoice("processes in network namespaces, asked for by a test", NamespaceEngine.MakeAsync));
}

[CollectionDefinition(NamespacePlant.OwnCollection, DisableParallelization = true)]
public sealed class OneNamespacePlant : ICollectionFixture<NamespacePlant>;
