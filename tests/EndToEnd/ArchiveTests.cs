using System.Globalization;
using System.Text.Json;
using Inspection.Protocol;

namespace Inspection.EndToEnd.Tests;

/// <summary>Rule J10 with real processes: what is kept, shown, replayed, reviewed and erased.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class ArchiveTests(Fitted fitted)
{
    private const string KeepsAll = "archive: { folder: frames, ok_sample: 1 }\n";
    private const int Parts = 30;

    [Fact]
    public async Task What_is_kept_replays_bit_by_bit_is_shown_reviewed_and_erased_by_authority()
    {
        using var scratch = new Scratch();
        var coarse = await fitted.SmallCoarseAsync();
        var plant = PlantFile.Write(scratch, KeepsAll, [PlantLine.Synthetic("line", coarse, Parts)]);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);
        var part = PlantFile.Events<PartConcluded>(scratch).First(e => e.Conclusion == Conclusion.Decided(Verdict.Ng));
        var name = Name(part);

        Assert.Equal(Parts, Number(await RunAsync(0, "audit", "replay", "--level", "R1", "--plant", plant), "identical"));
        _ = await RunAsync(0, "review", name, "--verdict", "OK", "--by", "anna", "--why", "<script>alert(1)</script> dust", "--plant", plant);
        var why = await RunAsync(0, "audit", "why", name, "--plant", plant, "--out", scratch["why.html"]);
        var page = await File.ReadAllTextAsync(scratch["why.html"]);
        Assert.True(why.GetProperty("frames")[0].GetProperty("shown").GetBoolean(), why.ToString());
        Assert.Contains(why.GetProperty("words").EnumerateArray(), w => w.GetString()!.Contains("NG became OK", StringComparison.Ordinal));
        Assert.Contains(why.GetProperty("words").EnumerateArray(), w => w.GetString()!.Contains("SELF-APPROVED", StringComparison.Ordinal));
        Assert.True(Occurrences(page, "data:image/png;base64,") >= 2, "a picture and a heat map");
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

        // a frame that is erased by authority is never missing, and nothing of it is left
        var file = FileOf(scratch["frames"], part);
        Assert.True(File.Exists(file), file);
        _ = await RunAsync(0, "archive", "erase", name, "--by", "carla", "--why", "a person", "--plant", plant);
        Assert.False(File.Exists(file), file);
        var verified = await RunAsync(0, "audit", "verify", "--plant", plant);
        Assert.Equal(1, verified.GetProperty("lines")[0].GetProperty("frames").GetProperty("erased").GetInt64());
        var replayed = await RunAsync(0, "audit", "replay", "--level", "R1", "--plant", plant);
        Assert.Equal((Parts - 1, 1), (Number(replayed, "identical"), Number(replayed, "erased")));
        Assert.Contains((await RunAsync(0, "audit", "why", name, "--plant", plant, "--out", scratch["erased.html"])).GetProperty("words").EnumerateArray(), w => w.GetString()!.Contains("erased by authority", StringComparison.Ordinal));

        await AsABundleAsync(scratch, plant, coarse);

        // the rest, by time
        _ = (await InspectionProcess.RunAsync("archive", "erase", "--by", "carla", "--why", "older than a year", "--plant", plant)).Expect(2).Says("--before");
        _ = (await InspectionProcess.RunAsync("archive", "erase", "--before", "2020-01-01", "--by", "carla", "--why", "older than a year", "--plant", plant)).Expect(2).Says("no record before that time");
        var all = await RunAsync(0, "archive", "erase", "--before", "2999-01-01", "--by", "carla", "--why", "older than a year", "--plant", plant);
        Assert.Equal((Parts - 1, Parts - 1), (Number(all, "recorded"), Number(all, "deleted")));
        Assert.Empty(Directory.EnumerateFiles(scratch["frames"], "*.png", SearchOption.AllDirectories));
        Assert.Equal(Parts, (await RunAsync(0, "audit", "verify", "--plant", plant)).GetProperty("lines")[0].GetProperty("frames").GetProperty("erased").GetInt64());
    }

    [Fact]
    public async Task A_frame_that_is_missing_changed_or_still_there_is_found_and_named()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, KeepsAll, [PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), Parts)]);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);
        var parts = PlantFile.Events<PartConcluded>(scratch);

        var (missing, kept) = (FileOf(scratch["frames"], parts[3]), await File.ReadAllBytesAsync(FileOf(scratch["frames"], parts[3])));
        File.Delete(missing);
        await FoundAsync(plant, parts[3], "is missing");
        Assert.Contains("MISSING", (await InspectionProcess.RunAsync("audit", "why", Name(parts[3]), "--plant", plant, "--out", scratch["w.html"])).Expect(0).Out, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(missing, kept);

        // another frame under its name, and one pixel
        await File.WriteAllBytesAsync(missing, await File.ReadAllBytesAsync(FileOf(scratch["frames"], parts[4])));
        await FoundAsync(plant, parts[3], "not the one that was recorded");
        await File.WriteAllBytesAsync(missing, kept[..(kept.Length / 2)]);
        await FoundAsync(plant, parts[3], "not the one that was recorded");
        await File.WriteAllBytesAsync(missing, kept);
        _ = await RunAsync(0, "audit", "verify", "--plant", plant);

        _ = await RunAsync(0, "archive", "erase", Name(parts[3]), "--by", "carla", "--why", "a person", "--plant", plant);
        await File.WriteAllBytesAsync(missing, kept);
        await FoundAsync(plant, parts[3], "still there", replays: true);
    }

    [Fact]
    public async Task A_killed_plant_misses_no_frame_that_its_records_name()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, KeepsAll, [PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), parts: 120) with { Pace = "30/s", Travel = "3 s" }]);
        for (var kill = 1; kill <= 2; kill++)
        {
            using var run = InspectionProcess.Start("run", "--plant", plant);
            var least = 25 * kill;
            _ = await run.UntilAsync(() => PlantFile.Events<PartConcluded>(scratch).Count, n => n >= least, $"{least} parts are concluded");
            run.Send(Signal.Kill);
            _ = await run.EndAsync();
        }

        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);
        var frames = (await RunAsync(0, "audit", "verify", "--plant", plant)).GetProperty("lines")[0].GetProperty("frames");
        Assert.True(Number(frames, "named") > 50 && Number(frames, "looked") == Number(frames, "named"), frames.ToString());
        Assert.Empty(Directory.EnumerateFiles(scratch["frames/spool/embedded"]));
    }

    [Fact]
    public async Task An_archive_that_cannot_be_written_stops_no_decision_and_is_said()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, KeepsAll, [PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), parts: 60) with { Pace = "20/s", Travel = "3 s" }]);
        using (var run = InspectionProcess.Start("run", "--plant", plant))
        {
            _ = await run.UntilAsync(() => PlantFile.Events<PartConcluded>(scratch).Count, n => n >= 5, "5 parts are concluded");
            Directory.Move(scratch["frames/spool"], scratch["gone"]);
            var ended = (await run.EndAsync()).Expect(0);
            Assert.Contains("frame archive", ended.Error, StringComparison.Ordinal);
            Assert.Contains("decided 60", ended.Out, StringComparison.Ordinal);
        }

        Assert.Contains(PlantFile.Events<PartConcluded>(scratch), e => e.Views[0].FrameDigest.IsNone);

        var file = scratch.File("a-file", "");
        var wrong = PlantFile.Write(scratch, $"archive: {{ folder: \"{file}\" }}\n", [PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), parts: 3)]);
        _ = (await InspectionProcess.RunAsync("run", "--plant", wrong)).Expect(2).Says("frame archive", file);
    }

    private static async Task AsABundleAsync(Scratch scratch, string plant, string coarse)
    {
        _ = await RunAsync(0, "audit", "export", "--plant", plant, "--out", scratch["bundle"], "--frames");
        _ = await RunAsync(0, "audit", "verify", scratch["bundle"], "--log-key", scratch["state/log.key.pub"]);
        var replayed = await RunAsync(0, "audit", "replay", "--level", "R1", scratch["bundle"], "--package", coarse);
        Assert.Equal((Parts - 1, 1), (Number(replayed, "identical"), Number(replayed, "erased")));
        _ = (await InspectionProcess.RunAsync("audit", "replay", "--level", "R1", scratch["bundle"])).Expect(1); // a bundle holds no models

        var frame = Directory.EnumerateFiles(scratch["bundle/frames"], "*.png", SearchOption.AllDirectories).First();
        await File.AppendAllTextAsync(frame, "x");
        _ = await RunAsync(1, "audit", "verify", scratch["bundle"]);
        File.Delete(frame);
        _ = File.CreateSymbolicLink(frame, plant);
        Assert.Contains("not as it was exported", (await RunAsync(1, "audit", "verify", scratch["bundle"])).ToString(), StringComparison.Ordinal);
        await File.AppendAllTextAsync(scratch["bundle/frames.index"], "x");
        _ = (await InspectionProcess.RunAsync("audit", "verify", scratch["bundle"])).Expect(2).Says("half a bundle", "frames.index");
    }

    private static async Task FoundAsync(string plant, PartConcluded part, string what, bool replays = false)
    {
        var finding = (await RunAsync(1, "audit", "verify", "--plant", plant)).GetProperty("findings").EnumerateArray().Single();
        Assert.Equal("frame", finding.GetProperty("kind").GetString());
        Assert.Contains(what, finding.GetProperty("what").GetString()!, StringComparison.Ordinal);
        Assert.Contains(part.Key.ToString(), finding.GetProperty("what").GetString()!, StringComparison.Ordinal);
        _ = await RunAsync(replays ? 0 : 1, "audit", "replay", "--level", "R1", "--plant", plant);
    }

    private static string Name(PartConcluded part) => string.Create(CultureInfo.InvariantCulture, $"line/{part.Key.Epoch}/{part.Key.Counter}");

    private static string FileOf(string archive, PartConcluded part) => Path.Combine(archive, FrameFile.RelativePath(part.Views[0].FrameDigest));

    private static async Task<JsonElement> RunAsync(int code, params string[] command)
    {
        var ended = (await InspectionProcess.RunAsync([.. command, "--json"])).Expect(code);
        return JsonDocument.Parse(ended.Out).RootElement;
    }

    private static long Number(JsonElement of, string key) => of.GetProperty(key).GetInt64();

    private static int Occurrences(string text, string of) => text.Split(of).Length - 1;
}
