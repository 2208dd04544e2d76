using System.Diagnostics;

namespace Inspection.Kubernetes.Tests.Containers;

/// <summary>The rendered overlay `local`, run as real containers under load, through what an SRE does with it. Its steps build on each other.</summary>
[Trait("Speed", "Slow")]
[Collection(LocalPlant.Collection)]
public sealed class PlantTests(LocalPlant local)
{
    private static readonly string[] Rolled = ["detector", "verifier", "gateway"];

    private PodPlant Plant => local.Plant;

    [Fact]
    public async Task It_runs_scales_loses_a_supervisor_rolls_and_outlives_its_database()
    {
        Assert.Contains("conservation: accepted", local.JobSaid, StringComparison.Ordinal);
        await InOrderAsync();

        await ScalesAsync();
        await LosesASupervisorAsync();
        await RollsAsync();
        await OutlivesItsDatabaseAsync();

        var after = await InOrderAsync();
        local.Summary.Add("lost, double", $"0, 0 by SQL: {after}");
    }

    /// <summary>1 detector, then 3, then 1: the new ones get work, those that go finish theirs.</summary>
    private async Task ScalesAsync()
    {
        var before = await InOrderAsync();
        var clock = Stopwatch.StartNew();
        foreach (var number in Enumerable.Range(1, 2))
        {
            var pod = await Plant.StartAsync("detector", number);
            await Plant.ReadyAsync(pod);
            var ready = clock.Elapsed;
            await WorksAsync(pod);
            local.Summary.Add($"scale-out: {pod} ready, first work after", $"{ready.TotalSeconds:0.0} s, {clock.Elapsed.TotalSeconds:0.0} s");
            clock.Restart();
        }

        _ = await Plant.DecidesAsync(6);
        foreach (var number in Enumerable.Range(1, 2).Reverse())
        {
            await LeavesAsync($"detector-{number}");
        }

        _ = await Plant.DecidesAsync(6);
        var after = await InOrderAsync();
        local.Summary.Add("detectors 1 -> 3 -> 1: parts that fell back", $"{after.Fallback - before.Fallback} of {after.Accepted - before.Accepted}");
        Assert.True(after.Fallback == before.Fallback, $"scaling made parts fall back: {string.Join("; ", after.FallenBack.Skip(before.FallenBack.Count))}\n{Plant.Explain()}");
    }

    /// <summary>kill -9 of the container's process; the kubelet's part, starting it again, is podman's.</summary>
    private async Task LosesASupervisorAsync()
    {
        var before = await InOrderAsync();
        var status = await Plant.UntilAsync(s => s.Lines.All(l => l.Answers && l.Supervisor.Length > 0), "the lines' supervisors to be known", "supervisor");
        var victim = status.Lines[0].Supervisor;
        var clock = Stopwatch.StartNew();
        await Plant.SendAsync(victim, Signal.Kill);
        _ = await Plant.DecidesAsync(4);
        local.Summary.Add($"{victim} killed: all lines had decided 4 parts more after", $"{clock.Elapsed.TotalSeconds:0.0} s");
        await Plant.ReadyAsync(victim);
        var after = await InOrderAsync();
        local.Summary.Add("supervisor killed: parts that fell back", $"{after.Fallback - before.Fallback} of {after.Accepted - before.Accepted}");
    }

    /// <summary>A new image tag, as the controllers would: StatefulSets from the last ordinal down, Deployments with one more first.</summary>
    private async Task RollsAsync()
    {
        var before = await InOrderAsync();
        var clock = Stopwatch.StartNew();
        Plant.Image = Images.Second;
        foreach (var workload in Rolled)
        {
            var added = await Plant.StartAsync(workload, 100);
            await Plant.ReadyAsync(added);
            await LeavesAsync($"{workload}-0");
        }

        foreach (var (workload, number) in Enumerable.Range(0, Plant.ReplicasOf("supervisor")).Reverse().Select(i => ("supervisor", i)).Append(("sensor", 0)))
        {
            await LeavesAsync($"{workload}-{number}");
            await Plant.ReadyAsync(await Plant.StartAsync(workload, number));
        }

        _ = await Plant.DecidesAsync(6);
        var after = await InOrderAsync();
        local.Summary.Add($"all pods rolled to a new tag in {clock.Elapsed.TotalSeconds:0} s: parts diverted", $"{after.Fallback - before.Fallback} of {after.Accepted - before.Accepted}");
        Assert.All(await Task.WhenAll(Plant.Members.Select(Plant.ImageOfAsync)), i => Assert.Equal(Images.Second, i));
        Assert.True(after.UnknownTails == before.UnknownTails, $"a planned move left an epoch whose end is unknown\n{Plant.Explain()}");
    }

    /// <summary>For 20 s nothing can be committed, so nothing passes; no pod is restarted, and lines go on by themselves.</summary>
    private async Task OutlivesItsDatabaseAsync()
    {
        var before = await InOrderAsync();
        await Plant.StopAsync(PodPlant.Database);
        var clock = Stopwatch.StartNew();
        _ = await Waiting.UntilAsync(
            () => Status.PageAsync(Plant.HttpOf("supervisor-0"), "health/ready"),
            p => p.Code != 200 && clock.Elapsed > TimeSpan.FromSeconds(20),
            "supervisor-0 to be unready for 20 s",
            Plant.Explain);
        var live = await Task.WhenAll(Plant.Members.Select(async p => (Pod: p, Page: await Status.PageAsync(Plant.HttpOf(p), "health/live"))));
        Assert.All(live, l => Assert.True(l.Page.Code == 200, $"{l.Pod} is not live without the database: {l.Page.Text}"));

        await Plant.StartAgainAsync(PodPlant.Database);
        clock.Restart();
        await local.AllReadyAsync();
        _ = await Plant.DecidesAsync(4);
        var after = await InOrderAsync();
        local.Summary.Add("PostgreSQL away for 20 s: all decide again after", $"{clock.Elapsed.TotalSeconds:0.0} s, {after.Fallback - before.Fallback} of {after.Accepted - before.Accepted} fell back");
    }

    private async Task<JournalCheck> InOrderAsync() => (await Plant.JournalAsync()).IsInOrder();

    private async Task LeavesAsync(string pod)
    {
        var (code, said) = await Plant.DeleteAsync(pod);
        Assert.True(code == 0, $"{pod} should drain, hand over and end with 0, not {code}:\n{said}");
    }

    /// <summary>Pixels have gone to it.</summary>
    private Task WorksAsync(string pod) => Waiting.UntilAsync(
        () => Status.PageAsync(Plant.HttpOf("sensor-0"), "metrics"),
        p => p.Text.Split('\n').Any(l => l.StartsWith("inspection_data_plane_sent_bytes_total", StringComparison.Ordinal) && l.Contains($"\"{pod}\"", StringComparison.Ordinal)),
        $"{pod} to get frames",
        Plant.Explain);
}
