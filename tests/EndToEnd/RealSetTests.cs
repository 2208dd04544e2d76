using System.Text.Json;
using System.Text.RegularExpressions;

namespace Inspection.EndToEnd.Tests;

/// <summary>Three real data sets as three lines with labels, in one run.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed partial class RealSetTests(Fitted fitted)
{
    [Fact]
    public async Task Every_image_gets_exactly_one_verdict()
    {
        var run = await fitted.RealRunAsync();
        foreach (var set in RealRun.Sets)
        {
            var story = run.Stories[set];
            Assert.Equal(RealRun.Images(set), story.Accepted.Values.Order(StringComparer.Ordinal));
            story.HasOneTerminalRecordEach();
            Assert.All(story.Accepted.Keys, key => Assert.True(story.ConclusionOf(key).IsDecided, $"{set} {story.Accepted[key]}: {story.ConclusionOf(key)}"));
        }
    }

    [Fact]
    public async Task Every_line_conserves_its_parts_and_nothing_falls_back()
    {
        var run = await fitted.RealRunAsync();
        Conserves(run.Answer, RealRun.Sets.Sum(s => RealRun.Images(s).Length));
        var lines = run.Answer.GetProperty("lines").EnumerateArray().ToDictionary(l => l.GetProperty("line").GetString()!);
        Assert.All(RealRun.Sets, set => Conserves(lines[set], RealRun.Images(set).Length));
        Assert.All(RealRun.Sets, set =>
        {
            var line = lines[set];
            var verdicts = run.Stories[set].Concluded.GroupBy(c => c.Conclusion.ToString()).ToDictionary(g => g.Key, g => (long)g.Count());
            Assert.Equal(Number(line, "ok"), verdicts.GetValueOrDefault("OK"));
            Assert.Equal(Number(line, "ng"), verdicts.GetValueOrDefault("NG"));
            Assert.Equal(Number(line, "review"), verdicts.GetValueOrDefault("Review"));
            Assert.True(verdicts.GetValueOrDefault("OK") > 0 && verdicts.GetValueOrDefault("NG") > 0, $"{set}: each line decides both ways: {line}");
        });
    }

    [Fact]
    public async Task Escapes_and_overkill_are_those_of_the_folders_labels()
    {
        var run = await fitted.RealRunAsync();
        var concluded = run.Stories.Values.SelectMany(s => s.Concluded).ToList();
        Assert.Equal(concluded.Count(c => c.Conclusion.IsOk && !c.ExternalId.StartsWith("good/", StringComparison.Ordinal)), Number(run.Answer, "escapes"));
        Assert.Equal(concluded.Count(c => !c.Conclusion.IsOk && c.ExternalId.StartsWith("good/", StringComparison.Ordinal)), Number(run.Answer, "overkill"));
    }

    [Fact]
    public async Task The_ejectors_own_log_agrees_with_the_journal_part_by_part()
    {
        var run = await fitted.RealRunAsync();
        foreach (var set in RealRun.Sets)
        {
            var story = run.Stories[set];
            var log = EjectorLog.Read(run.EjectorLog(set));
            Assert.Equal(story.Accepted.Keys.ToHashSet(), [.. log.Keys]);
            Assert.Equal(story.Accepted.Keys.ToHashSet(), [.. story.Acts.Keys]);
            EjectorLog.Agrees(story, run.EjectorLog(set));
            Assert.All(log, act => Assert.Equal(story.ConclusionOf(act.Key).IsOk, act.Value));
        }
    }

    [Fact]
    public async Task The_verifier_changes_verdicts_on_magnetic_tile()
    {
        var run = await fitted.RealRunAsync();
        var tile = run.Answer.GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("line").GetString() == "magnetic_tile");
        Assert.True(Number(tile, "candidates") > 0, tile.ToString());
        var changed = tile.GetProperty("verifier_changed");
        Assert.True(Number(changed, "ng_to_ok") + Number(changed, "ok_to_ng") > 0, tile.ToString());
        Assert.Contains(run.Stories["magnetic_tile"].Concluded, c => c.Views.Any(v => v.Candidates.Any(k => k.Verified)));
    }

    [Fact]
    public async Task Json_is_one_object_with_the_promised_keys_and_all_else_goes_to_standard_error()
    {
        var run = await fitted.RealRunAsync();
        Assert.Equal(JsonValueKind.Object, run.Answer.ValueKind); // RealRun parsed the whole of standard output as one document
        foreach (var key in (string[])["accepted", "decided", "fallback", "open", "ok", "ng", "review", "escapes", "overkill", "candidates", "fps", "latency_ms"])
        {
            Assert.True(run.Answer.TryGetProperty(key, out _), $"the object lacks '{key}': {run.Answer}");
        }

        Assert.True(run.Answer.GetProperty("fps").GetDouble() > 0);
        Assert.True(run.Answer.GetProperty("latency_ms").GetProperty("p50").GetDouble() <= run.Answer.GetProperty("latency_ms").GetProperty("p99").GetDouble());
        Assert.Contains("conservation: accepted", run.Ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_journal_verifies_and_replays_without_a_difference_also_as_a_bundle()
    {
        var run = await fitted.RealRunAsync();
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", run.Plant)).Expect(0);
        await ReplaysAsync(run, "--plant", run.Plant);
        using var scratch = new Scratch();
        _ = (await InspectionProcess.RunAsync("audit", "export", "--plant", run.Plant, "--out", scratch["bundle"])).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "verify", scratch["bundle"])).Expect(0);
        await ReplaysAsync(run, scratch["bundle"]);
    }

    /// <summary>Promise P6, level R1: every picture of the three sets through preparation and models again, from the archive.</summary>
    [Fact]
    public async Task Every_archived_frame_computes_the_same_bits_again()
    {
        var run = await fitted.RealRunAsync();
        foreach (var level in (string[])["R1", "R2"])
        {
            var replay = (await InspectionProcess.RunAsync("audit", "replay", "--level", level, "--plant", run.Plant, "--json")).Expect(0);
            using var answer = JsonDocument.Parse(replay.Out);
            var scored = run.Stories.Values.SelectMany(s => s.Concluded).SelectMany(c => c.Views).Count(v => v.Coarse is not null);
            Assert.True(scored > 400, $"{scored} views were scored");
            Assert.Equal((scored, 0, 0, 0), (Number(answer.RootElement, "identical"), Number(answer.RootElement, "within_band"), Number(answer.RootElement, "beyond"), Number(answer.RootElement, "flipped")));
        }
    }

    [Fact]
    public async Task A_changed_threshold_is_reported_by_replay_and_refused_by_run()
    {
        var run = await fitted.RealRunAsync();
        var (scratch, plant, package) = run.WithOwnPackage("solar_mono");
        using (scratch)
        {
            // the same journal, filtered to nothing else: first untouched, then with a threshold below every score
            var manifest = Path.Combine(package, "package.json");
            var text = await File.ReadAllTextAsync(manifest);
            var changed = Thresholds().Replace(text, m => $"{m.Groups[1].Value}0.0001", 2);
            Assert.NotEqual(text, changed);
            await File.WriteAllTextAsync(manifest, changed);
            var replay = (await InspectionProcess.RunAsync("audit", "replay", "--level", "R0", "--plant", plant, "--json")).Expect(1);
            using var answer = JsonDocument.Parse(replay.Out);
            Assert.True(answer.RootElement.GetProperty("flipped").GetInt64() > 0, replay.ToString());
            _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(2).Says(package, "signature");
        }
    }

    private static async Task ReplaysAsync(RealRun run, params string[] what)
    {
        var replay = (await InspectionProcess.RunAsync(["audit", "replay", "--level", "R0", .. what, "--json"])).Expect(0);
        using var answer = JsonDocument.Parse(replay.Out);
        Assert.Equal(0, answer.RootElement.GetProperty("difference_count").GetInt64());
        Assert.Equal(Number(run.Answer, "accepted"), answer.RootElement.GetProperty("compared").GetInt64());
    }

    private static void Conserves(JsonElement counts, int images)
    {
        Assert.True(Number(counts, "accepted") == images, $"{images} images: {counts}");
        Assert.True(Number(counts, "accepted") == Number(counts, "decided") + Number(counts, "fallback"), counts.ToString());
        Assert.True(Number(counts, "open") == 0 && Number(counts, "fallback") == 0, counts.ToString());
    }

    private static long Number(JsonElement of, string key) => of.GetProperty(key).GetInt64();

    [GeneratedRegex("""("(?:candidate|reject)": )[0-9.eE+-]+""")]
    private static partial Regex Thresholds();
}
