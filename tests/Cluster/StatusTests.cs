using System.Text.Json;

namespace Inspection.Cluster.Tests;

/// <summary>What an SRE sees: `inspection status` and the metrics of every node (issue: operations).</summary>
[Collection(OnePlant.Name)]
[Trait("Speed", "Slow")]
public sealed class StatusTests(RunningPlant running)
{
    private ClusterPlant Plant => running.Plant;

    [Fact]
    public async Task Status_says_members_lines_leases_and_work()
    {
        _ = await Plant.AllWellAsync();
        var json = (await InspectionProcess.RunAsync("status", "--config", Plant["detector-1"].File, "--json")).Expect(0);
        using var status = JsonDocument.Parse(json.Out);
        var root = status.RootElement;
        Assert.Equal(Plant.Nodes.Select(n => n.Id).Order(StringComparer.Ordinal), root.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("node").GetString()!));
        var line = root.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("line").GetString() == ClusterPlant.Drawn);
        Assert.StartsWith("supervisor-", line.GetProperty("supervisor").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("sensor-", line.GetProperty("stations")[0].GetProperty("holder").GetString(), StringComparison.Ordinal);
        var sensor = root.GetProperty("members").EnumerateArray().Single(m => m.GetProperty("node").GetString() == "sensor-1");
        Assert.Contains(sensor.GetProperty("work").GetProperty("workers").EnumerateArray(), w => w.GetProperty("worker").GetString() == "detector-2");
        var detector = root.GetProperty("members").EnumerateArray().Single(m => m.GetProperty("node").GetString() == "detector-1");
        Assert.Equal(3, detector.GetProperty("models").GetArrayLength()); // two coarse packages and a verifier

        var text = (await InspectionProcess.RunAsync("status", "--config", Plant["detector-1"].File)).Expect(0);
        Assert.All(["leased to", "queue age s", "models held", "in flight"], word => Assert.Contains(word, text.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_node_exports_metrics_of_the_same_names()
    {
        _ = await Plant.AllWellAsync();
        foreach (var node in Plant.Nodes)
        {
            var (code, text) = await Status.PageAsync(node.Http, "metrics");
            Assert.True(code == 200 && text.Contains("inspection_work_oldest_seconds", StringComparison.Ordinal) && text.Contains("inspection_worker_shortage_seconds_total", StringComparison.Ordinal), $"{node.Id}: {code}\n{text}");
        }
    }

    [Fact]
    public async Task Status_without_a_plant_says_whom_it_asked()
    {
        var stray = Path.Combine(Plant.Folder, "nobody.yaml");
        await File.WriteAllTextAsync(stray, "id: nobody\ncluster: test\nplant: plant.yaml\naddress: { host: 127.0.0.1, http: 9 }\nsupervisors: [ \"127.0.0.1:9\" ]\n");
        _ = (await InspectionProcess.RunAsync("status", "--config", stray)).Expect(3).Says("no supervisor of cluster test answers", "127.0.0.1:9");
    }
}
