namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>Pods that are wrong, beside a plant that is right: each says what, where and what to do in its log (where it waits, in `inspection status` as well), and harms nobody.</summary>
[Trait("Speed", "Slow")]
[Collection(LocalPlant.Collection)]
public sealed class BadPodTests(LocalPlant local)
{
    private PodPlant Plant => local.Plant;

    [Fact]
    public Task A_pod_of_another_plant_in_the_same_namespace() => EndsAsync(
        "detector",
        new() { ["INSPECTION__NODE__CLUSTER"] = "another" },
        2,
        "belongs to cluster 'inspection'",
        "'another'");

    [Fact]
    public Task A_GPU_that_is_asked_for_and_absent() => EndsAsync(
        "detector",
        new() { ["INSPECTION__NODE__INFERENCE__PROVIDER"] = "cuda" },
        3,
        "cuda");

    [Fact]
    public Task A_misspelt_variable() => EndsAsync(
        "gateway",
        new() { ["INSPECTION__NODE__ADRESS__HOST"] = "here" },
        2,
        "adress",
        "address");

    [Fact]
    public Task A_folder_of_settings_that_is_not_there() => EndsAsync(
        "gateway",
        new() { ["INSPECTION_CLUSTER_CONFIG"] = "/nowhere" },
        2,
        "/nowhere/profiles/plant.hocon",
        "INSPECTION_CLUSTER_CONFIG");

    /// <summary>A Secret without its password: the key itself missing is the kubelet's message, and no container starts.</summary>
    [Fact]
    public Task A_Secret_without_the_password() => EndsAsync(
        "supervisor",
        new() { ["INSPECTION__JOURNAL__POSTGRES"] = "Host=postgres;Username=inspection;Database=plant", ["INSPECTION__NODE__ADDRESS__HOST"] = "stranger" },
        3,
        "password");

    [Fact]
    public Task A_supervisor_whose_name_does_not_resolve() => WaitsAsync(
        "detector",
        Enumerable.Range(0, 3).ToDictionary(i => $"INSPECTION__NODE__SUPERVISORS__{i}", i => $"nobody-{i}.supervisor:8558"),
        "nobody-0.supervisor:8558 does not answer");

    /// <summary>
    /// What the kernel does to a pod with too little memory: SIGKILL in the middle of its work, which another pod then has. It is frozen first, so
    /// that it surely has work in hand.
    /// </summary>
    [Fact]
    public async Task A_worker_killed_in_the_middle_of_its_work()
    {
        var second = await Plant.StartAsync("detector", 7);
        await Plant.ReadyAsync(second);
        var before = (await Plant.JournalAsync()).IsInOrder();
        await Plant.SendAsync(second, Signal.Stop);
        _ = await Plant.UntilAsync(s => s.InFlight(second) > 0 || s.Worker(second)?.State == "overdue", $"{second} to have work in hand", "sensor");
        await Plant.SendAsync(second, Signal.Kill);
        _ = await Plant.DecidesAsync(6);
        var after = (await Plant.JournalAsync()).IsInOrder();
        await Plant.ReadyAsync(second);
        _ = await Plant.DeleteAsync(second);

        Assert.True(after.Fallback == before.Fallback, $"its work was lost: {string.Join("; ", after.FallenBack.Skip(before.FallenBack.Count))}\n{Plant.Explain()}");
        local.Summary.Add("worker killed with work in hand: parts that fell back", $"{after.Fallback - before.Fallback} of {after.Accepted - before.Accepted}");
    }

    private async Task EndsAsync(string workload, Dictionary<string, string> environment, int code, params string[] words)
    {
        await Plant.StartStrangerAsync(workload, "stranger", environment);
        var (ended, said) = await Plant.EndAsync("stranger");
        Assert.True(ended == code, $"expected exit code {code}, not {ended}:\n{said}");
        Says(said, words);
        await HarmsNobodyAsync();
    }

    private async Task WaitsAsync(string workload, Dictionary<string, string> environment, params string[] words)
    {
        await Plant.StartStrangerAsync(workload, "stranger", environment);
        var said = await Waiting.UntilAsync(() => Plant.LogAsync("stranger"), s => words.All(w => s.Contains(w, StringComparison.OrdinalIgnoreCase)), $"it to say {string.Join(", ", words)}", Plant.Explain);
        Says(said, words);
        var status = await Plant.AskedAsync("stranger");
        Assert.All(words, w => Assert.Contains(w, status, StringComparison.OrdinalIgnoreCase));
        var ready = await Status.PageAsync(Plant.HttpOf("stranger"), "health/ready");
        Assert.True(ready.Code is 0 or 503, $"a pod that waits must not be ready: {ready}");
        _ = await Plant.DeleteAsync("stranger");
        await HarmsNobodyAsync();
    }

    private static void Says(string said, string[] words)
    {
        Assert.All(words, w => Assert.Contains(w, said, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("telemetry", said, StringComparison.OrdinalIgnoreCase);
    }

    private async Task HarmsNobodyAsync()
    {
        _ = await Plant.DecidesAsync(2);
        await local.AllReadyAsync();
        _ = (await Plant.JournalAsync()).IsInOrder();
    }
}
