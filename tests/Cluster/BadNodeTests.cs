using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Inspection.Cluster.Tests;

/// <summary>A node that does not belong there says why, ends, and harms nobody (issue: bad input).</summary>
[Collection(OnePlant.Name)]
[Trait("Speed", "Slow")]
public sealed class BadNodeTests(RunningPlant running)
{
    private const int WrongUse = 2;

    private ClusterPlant Plant => running.Plant;

    [Theory]
    [InlineData("cluster", "belongs to cluster 'other'")]
    [InlineData("protocol", "speaks protocol version 2")]
    [InlineData("plant", "differs from the plant file of node")]
    [InlineData("id", "belongs to the node at")]
    public async Task A_node_that_meets_another_kind_of_node_refuses_to_join(string differs, string says)
    {
        await using var other = new StandIn(() => Page(differs));
        var ended = await RunAsync(other.Port);
        _ = ended.Expect(WrongUse).Says(says);
    }

    [Fact]
    public async Task A_clock_an_hour_off_is_named_and_does_no_harm()
    {
        await using var other = new StandIn(() => Page("clock"));
        using var node = InspectionProcess.Start("node", "--config", NodeFile(other.Port), "--roles", "gateway");
        _ = await node.UntilAsync(() => node.Error, e => e.Contains("the clock of node", StringComparison.Ordinal) && e.Contains("waits for the cluster", StringComparison.Ordinal), "a warning about the clock, and the wait for the cluster");
        Assert.False(node.HasExited);
    }

    /// <summary>
    /// As when three supervisors start at once and the bootstrap of two of them sees different halves. The other supervisor is played here: it
    /// sees no cluster at first, and later shows one that has formed, with the members of the real plant.
    /// </summary>
    [Fact]
    public async Task A_supervisor_that_began_a_cluster_alone_is_never_up_and_gives_way_to_the_one_that_formed()
    {
        var (formed, ports) = (false, new[] { Ports.Free(), Ports.Free() });
        var real = JsonNode.Parse((await Status.PageAsync(Plant["supervisor-1"].Http, "node")).Text)!["members"]!.ToJsonString();
        var seeds = JsonNode.Parse((await Status.PageAsync(Plant["supervisor-1"].Http, "bootstrap/seed-nodes")).Text)!.AsObject();
        Assert.Contains("Nodes", seeds.Select(p => p.Key));
        seeds["Nodes"] = new JsonArray();
        await using var other = new StandIn(
            () => Page("", Volatile.Read(ref formed) ? real : "[]"),
            () => seeds.ToJsonString());
        using var node = InspectionProcess.Start("node", "--config", NodeFile(ports[0], ports[1], ports[0], other.Port, Ports.Free()), "--roles", "supervisor");
        var http = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports[0]}");
        var page = await Waiting.UntilAsync(() => Status.PageAsync(http, "node"), p => p.Text.Contains($":{ports[1]}#", StringComparison.Ordinal), "the node to have begun a cluster", () => node.Error);
        Assert.DoesNotContain("\"is_up\":true", page.Text, StringComparison.Ordinal);
        Assert.Equal(503, (await Status.PageAsync(http, "health/ready")).Code);
        Volatile.Write(ref formed, true);
        var ended = (await node.EndAsync()).Expect(1).Says("two clusters began to form", "node elsewhere at");
        Assert.DoesNotContain("node stray is up", ended.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sensr", "did you mean 'sensor'")]
    [InlineData(" ", "--roles is empty")]
    public async Task An_unknown_role_is_refused(string roles, string says) =>
        _ = (await InspectionProcess.RunAsync("node", "--config", NodeFile(Ports.Free()), "--roles", roles)).Expect(WrongUse).Says(says);

    [Fact]
    public async Task An_unknown_key_of_the_node_file_is_refused()
    {
        var file = NodeFile(Ports.Free());
        await File.AppendAllTextAsync(file, "\nstation: [ drawn/s1 ]\n");
        _ = (await InspectionProcess.RunAsync("node", "--config", file, "--roles", "sensor")).Expect(WrongUse).Says("unknown key 'station'", "did you mean 'stations'");
    }

    [Fact]
    public async Task A_second_node_of_one_id_ends_and_the_first_goes_on()
    {
        _ = await Plant.AllWellAsync();
        var starts = Plant["sensor-2"].Starts;
        var twin = Rewrite(await File.ReadAllTextAsync(Plant["sensor-2"].File), "twin.yaml");
        var ended = (await InspectionProcess.RunAsync("node", "--config", twin, "--roles", "sensor")).Says("node id 'sensor-2'");
        Assert.NotEqual(0, ended.Code);
        _ = await Plant.AllWellAsync();
        Assert.Equal(starts, Plant["sensor-2"].Starts);
        _ = await EjectorCheck.IsInOrderAsync(Plant);
    }

    [Fact]
    public async Task A_node_with_another_plant_file_ends_and_the_others_go_on()
    {
        _ = await Plant.AllWellAsync();
        var plant = Path.Combine(Plant.Folder, "other-plant.yaml");
        await File.WriteAllTextAsync(plant, await File.ReadAllTextAsync(Plant.PlantFile) + "\n# changed on this node only\n");
        var text = (await File.ReadAllTextAsync(Plant["sensor-2"].File)).Replace("plant: plant.yaml", "plant: other-plant.yaml", StringComparison.Ordinal).Replace("id: sensor-2", "id: sensor-9", StringComparison.Ordinal);
        _ = (await InspectionProcess.RunAsync("node", "--config", Rewrite(text, "other.yaml"), "--roles", "sensor")).Expect(WrongUse).Says("differs from the plant file of node");
        _ = await Plant.AllWellAsync();
    }

    [Fact]
    public async Task A_detector_without_any_model_says_which()
    {
        var plant = Path.Combine(Plant.Folder, "no-models.yaml");
        await File.WriteAllTextAsync(plant, (await File.ReadAllTextAsync(Plant.PlantFile)).Replace("coarse: \"", "coarse: \"/nowhere", StringComparison.Ordinal));
        var text = (await File.ReadAllTextAsync(Plant["detector-1"].File)).Replace("plant: plant.yaml", "plant: no-models.yaml", StringComparison.Ordinal).Replace("id: detector-1", "id: detector-9", StringComparison.Ordinal);
        _ = (await InspectionProcess.RunAsync("node", "--config", Rewrite(text, "empty.yaml"), "--roles", "detector")).Expect(WrongUse).Says("can't work for line drawn", "has none of the models");
        _ = await Plant.AllWellAsync();
    }

    /// <summary>The same node file on ports of its own.</summary>
    private string Rewrite(string text, string name)
    {
        var lines = text.Split('\n').Select(l => l.StartsWith("address:", StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"address: {{ host: 127.0.0.1, remote: {Ports.Free()}, http: {Ports.Free()}, data: {Ports.Free()} }}")
            : l);
        var path = Path.Combine(Plant.Folder, name);
        File.WriteAllText(path, string.Join('\n', lines));
        return path;
    }

    private string NodeFile(int contact) => NodeFile(Ports.Free(), Ports.Free(), contact);

    private string NodeFile(int http, int remote, params int[] contacts)
    {
        var path = Path.Combine(Plant.Folder, $"stray-{http}.yaml");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            id: stray
            cluster: test
            plant: plant.yaml
            state: state/stray
            address: { host: 127.0.0.1, remote: {{remote}}, http: {{http}} }
            supervisors: [ {{string.Join(", ", contacts.Select(c => $"\"127.0.0.1:{c}\""))}} ]
            """));
        return path;
    }

    private Task<Ended> RunAsync(int contact) => InspectionProcess.RunAsync("node", "--config", NodeFile(contact), "--roles", "gateway");

    private string Page(string differs, string members = "[]")
    {
        var plant = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(Plant.PlantFile))));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "cluster": "{{(differs == "cluster" ? "other" : "test")}}", "node": "{{(differs == "id" ? "stray" : "elsewhere")}}", "incarnation": "x",
              "roles": ["supervisor"], "protocol": {{(differs == "protocol" ? 2 : 1)}}, "plant": "{{(differs == "plant" ? new string('0', 64) : plant)}}",
              "members": {{members}}, "utc": "{{DateTime.UtcNow.AddHours(differs == "clock" ? 1 : 0):O}}"
            }
            """);
    }
}
