using System.Globalization;
using System.Text.Json;
using Inspection.Protocol;
using Inspection.Tests.Support.Cluster;

namespace Inspection.EndToEnd.Tests;

/// <summary>gate.stop_after: a line that has lost its eyes stands, over kill and restart, until a person lets it run again.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class InterlockTests(Fitted fitted)
{
    private const string Line = "blind";
    private const int Good = 6, Bad = 200, StopAfter = 5;

    private static readonly Dictionary<string, string> Key = new() { ["INSPECTION_ACCESS_KEY"] = "the key" };

    [Fact]
    public async Task A_blind_line_stands_over_kill_and_restart_until_a_person_lets_it_run()
    {
        using var scratch = new Scratch();
        var pictures = Write(scratch);
        var plant = PlantFile.Write(scratch, PlantLine.OfFolder(Line, await fitted.SmallCoarseAsync(), scratch["pictures"]) with { Window = 8, Gate = $"stop_after: {StopAfter}" });
        var port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = InspectionProcess.Deadline };
        string[] run = ["run", "--plant", plant, "--port", port];

        using (var first = InspectionProcess.Start(Key, run))
        {
            _ = await first.UntilAsync(() => Halts(scratch), n => n == 1, "the line stops");
            _ = await first.UntilAsync(() => LineStory.Read(PlantFile.Journal(scratch), Line), s => s.TerminalCount == s.Accepted.Count && Changes(scratch).Count == 1, "what was open is concluded and the stop journalled");
            Assert.Contains($"inspection_line_halted{{line=\"{Line}\",station=\"s1\"}} 1", await http.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
            await StatusSaysAsync(plant, stands: true);
            first.Send(Signal.Kill);
            _ = await first.EndAsync();
        }

        var stood = LineStory.Read(PlantFile.Journal(scratch), Line);
        Assert.InRange(stood.Accepted.Count, Good + StopAfter, pictures.Length - 50); // the gate is an actor: what is triggered before its word arrives is on its way
        using var second = InspectionProcess.Start(Key, run);
        _ = await second.UntilAsync(() => (Halts(scratch), PlantFile.Events<EpochGranted>(scratch).Count), n => n == (2, 2), "the next run stands from its first epoch on");
        await StatusSaysAsync(plant, stands: true);

        string[] resume = ["resume", $"{Line}/s1", "--by", "anna", "--why", "the lens was cleaned", "--plant", plant];
        string[] over = [.. resume, "--to", $"http://localhost:{port}"];
        _ = (await EndAsync([.. over[..4], .. over[6..]])).Expect(2).Says("--why");
        _ = (await EndAsync([over[0], $"{Line}/s9", .. over[2..]])).Expect(2).Says($"has no station {Line}/s9", $"{Line}/s1");
        _ = (await EndAsync(resume)).Expect(3).Says("--to"); // the journal belongs to the process that runs
        _ = (await EndAsync([.. resume, "--to", $"http://localhost:{Ports.Free()}"])).Expect(3).Says("no node answers");
        _ = Assert.Single(Changes(scratch));
        Assert.Equal(stood.Accepted.Count, LineStory.AcceptedSoFar(PlantFile.Journal(scratch), Line));

        foreach (var bad in pictures.Skip(stood.Accepted.Count))
        {
            File.Copy(pictures[0], bad, overwrite: true);
        }

        _ = (await EndAsync(over)).Expect(0);
        _ = (await second.EndAsync()).Expect(0);
        await StatusSaysAsync(plant, stands: false);

        Assert.Equal([(1, ""), (2, "anna")], Changes(scratch).Select(c => (c.Change, c.By)));
        Assert.Contains($"{StopAfter} parts in a row had no verdict", Changes(scratch)[0].Why, StringComparison.Ordinal);
        var acts = EjectorLog.Acts(PlantFile.EjectorLog(scratch, Line));
        Assert.Equal(["halt", "halt", "run"], acts.Where(a => a is "halt" or "run"));
        Assert.DoesNotContain("pass", acts[acts.IndexOf("halt")..acts.IndexOf("run")]);
        Assert.Contains("pass", acts[acts.IndexOf("run")..]);
        var story = LineStory.Read(PlantFile.Journal(scratch), Line);
        story.HasOneTerminalRecordEach();
        Assert.Equal(pictures.Select(Path.GetFileName), story.Accepted.OrderBy(a => (a.Key.Epoch, a.Key.Counter)).Select(a => a.Value));
        EjectorLog.Agrees(story, PlantFile.EjectorLog(scratch, Line));

        _ = (await EndAsync(resume)).Expect(1).Says("has not stopped the line");
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
        var stop = new DateTime(Changes(scratch)[0].UtcTicks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
        Assert.Contains("the interlock has stopped the line", (await InspectionProcess.RunAsync("audit", "at", Line, stop, "--plant", plant)).Expect(0).Out, StringComparison.Ordinal);
    }

    /// <summary>Also that accepted = decided + fallback + open: its exit code says so.</summary>
    private static async Task StatusSaysAsync(string plant, bool stands)
    {
        var words = (await InspectionProcess.RunAsync("status", "--plant", plant)).Expect(0);
        Assert.Equal(stands, words.Out.Contains($"station {Line}/s1 stands", StringComparison.Ordinal) && words.Out.Contains($"resume {Line}/s1", StringComparison.Ordinal));
        using var json = JsonDocument.Parse((await InspectionProcess.RunAsync("status", "--plant", plant, "--json")).Expect(0).Out);
        Assert.Equal(stands ? [1L] : [], json.RootElement.GetProperty("lines")[0].GetProperty("stands").EnumerateArray().Select(s => s.GetProperty("interlock_change").GetInt64()));
    }

    private static int Halts(Scratch scratch) => File.Exists(PlantFile.EjectorLog(scratch, Line)) ? EjectorLog.Acts(PlantFile.EjectorLog(scratch, Line)).Count(a => a == "halt") : 0;

    private static List<InterlockChanged> Changes(Scratch scratch) => PlantFile.Events<InterlockChanged>(scratch);

    private static async Task<Ended> EndAsync(IEnumerable<string> command)
    {
        using var process = InspectionProcess.Start(Key, command);
        return await process.EndAsync();
    }

    /// <summary>Good ones first, then what no camera should send.</summary>
    private string[] Write(Scratch scratch)
    {
        var source = Directory.GetFiles(Path.Combine(fitted.SmallTest, "good")).Order(StringComparer.Ordinal).First();
        for (var i = 0; i < Good + Bad; i++)
        {
            var file = scratch.File($"pictures/{i:D3}.png", "no picture at all");
            if (i < Good)
            {
                File.Copy(source, file, overwrite: true);
            }
        }

        return [.. Directory.GetFiles(scratch["pictures"]).Order(StringComparer.Ordinal)];
    }
}
