using System.Globalization;
using System.Text.Json;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Cluster.Tests;

/// <summary>Reviews, erasures and archived frames in a cluster (rule J10).</summary>
[Collection(OnePlant.Name)]
[Trait("Speed", "Slow")]
public sealed class PeopleTests(RunningPlant running)
{
    private ClusterPlant Plant => running.Plant;

    [Fact]
    public async Task A_part_is_reviewed_and_its_frame_erased_over_any_node_and_killed_sensors_lose_no_frame()
    {
        _ = await Plant.AllWellAsync();
        Plant.Kill("sensor-1");
        Plant.Kill("sensor-2");
        _ = await Plant.AllWellAsync();

        var part = Events<PartConcluded>().First(e => e.Key.Line.Value == ClusterPlant.Drawn && e.Conclusion == Conclusion.Decided(Verdict.Ng) && e.Views.Any(v => !v.FrameDigest.IsNone));
        var name = string.Create(CultureInfo.InvariantCulture, $"{part.Key.Line}/{part.Key.Epoch}/{part.Key.Counter}");
        var config = Path.Combine(Plant.Folder, "supervisor-1.yaml");
        _ = (await CommandAsync("review", name, "--verdict", "OK", "--by", "anna", "--why", "dust", "--config", config)).Expect(0);
        var recorded = Events<PartReviewed>().Last();
        Assert.Equal((part.Key, Conclusion.Decided(Verdict.Ng), Verdict.Ok, "anna", "dust"), (recorded.Key, recorded.Before, recorded.After, recorded.By, recorded.Why));

        // a node without supervisors passes it on
        var detector = $"http://{Plant["detector-1"].Http}";
        _ = (await CommandAsync("archive", "erase", name, "--by", "carla", "--why", "a person", "--plant", Plant.PlantFile, "--to", detector)).Expect(0);
        var erased = Events<FrameErased>().Last();
        Assert.Equal((part.Key, part.Views[0].FrameDigest), (erased.Key, erased.Frame));

        // what was concluded a moment ago may still be on its way from the spool
        var told = await Waiting.UntilAsync(FramesAsync, f => f.Missing == 0, "every frame that a record names to be in the archive, or erased by authority", Plant.Explain);
        Assert.True(told.Named > 10 && told.Erased == 1, told.ToString());
    }

    private async Task<(long Named, long Erased, int Missing)> FramesAsync()
    {
        var verified = await CommandAsync("audit", "verify", "--plant", Plant.PlantFile, "--json");
        using var json = JsonDocument.Parse(verified.Out);
        var frames = json.RootElement.GetProperty("lines").EnumerateArray().Select(l => l.GetProperty("frames")).ToList();
        var findings = json.RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.All(findings, f => Assert.Equal("frame", f.GetProperty("kind").GetString()));
        return (frames.Sum(f => f.GetProperty("named").GetInt64()), frames.Sum(f => f.GetProperty("erased").GetInt64()), findings.Count);
    }

    private static async Task<Ended> CommandAsync(params string[] command)
    {
        using var process = InspectionProcess.Start(new Dictionary<string, string> { ["INSPECTION_ACCESS_KEY"] = ClusterNode.AccessKey }, command);
        return await process.EndAsync();
    }

    private List<T> Events<T>()
    {
        using var journal = PostgresJournal.Open(new PostgresAddress(Plant.Database.ConnectionString()));
        return [.. journal.Lines.SelectMany(l => journal.Chain(l)).Select(r => r.Event).OfType<T>()];
    }
}
