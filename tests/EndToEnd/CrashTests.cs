using Inspection.Protocol;

namespace Inspection.EndToEnd.Tests;

/// <summary>A run that is killed or stopped in the middle, and the run after it.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class CrashTests(Fitted fitted)
{
    private const string Line = "killed";

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(45)]
    public async Task A_killed_run_resumes_after_the_last_trigger_seen_and_loses_no_part(int moment)
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, await PlantLineAsync());
        using (var first = InspectionProcess.Start("run", "--plant", plant))
        {
            _ = await first.UntilAsync(() => LineStory.TerminalSoFar(PlantFile.Journal(scratch), Line), n => n >= moment, $"{moment} parts are concluded");
            first.Send(Signal.Kill);
            Assert.Equal(128 + (int)Signal.Kill, (await first.EndAsync()).Code);
        }

        var killed = LineStory.Read(PlantFile.Journal(scratch), Line);
        Assert.Empty(killed.Ended);
        var images = Images();
        Assert.True(killed.Accepted.Count < images.Length, $"killed too late to tell anything: {killed.Accepted.Count} of {images.Length} parts were accepted");

        var ended = (await InspectionProcess.RunAsync("run", "--plant", plant, "--json")).Expect(0);
        var story = LineStory.Read(PlantFile.Journal(scratch), Line);
        Assert.Equal(images, story.Accepted.Values.Order(StringComparer.Ordinal));
        story.HasOneTerminalRecordEach();
        Assert.Equal([.. images.Skip(killed.Accepted.Count)], story.Accepted.Where(a => a.Key.Epoch > 1).OrderBy(a => a.Key.Counter).Select(a => a.Value));

        // what was open when it was killed is lost at its source; all else is decided
        var open = killed.Accepted.Keys.Where(k => killed.Concluded.All(c => c.Key.Counter != k.Counter)).ToHashSet();
        foreach (var key in story.Accepted.Keys)
        {
            var conclusion = story.ConclusionOf(key);
            Assert.True(open.Contains(key) ? conclusion.Fallback == FallbackReason.LostAtSource : conclusion.IsDecided, $"{key}, open when killed: {open.Contains(key)}, is {conclusion}; {ended}");
        }

        Assert.Contains(story.Ended, e => e is { Epoch: 1, Tail: EpochTail.Unknown });
        Assert.Contains(story.Ended, e => e is { Epoch: 2, Tail: EpochTail.Exact });
        EjectorLog.Agrees(story, PlantFile.EjectorLog(scratch, Line));
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "replay", "--plant", plant)).Expect(0);
    }

    [Theory]
    [InlineData(Signal.Int)]
    [InlineData(Signal.Term)]
    public async Task A_stopped_run_ends_cleanly_and_the_next_one_goes_on(Signal signal)
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, await PlantLineAsync());
        using (var first = InspectionProcess.Start("run", "--plant", plant, "--json"))
        {
            _ = await first.UntilAsync(() => LineStory.TerminalSoFar(PlantFile.Journal(scratch), Line), n => n >= 5, "5 parts are concluded");
            first.Send(signal);
            var ended = (await first.EndAsync()).Expect(0);
            Assert.Contains("\"open\": 0", ended.Out, StringComparison.Ordinal);
        }

        var stopped = LineStory.Read(PlantFile.Journal(scratch), Line);
        var end = Assert.Single(stopped.Ended);
        Assert.Equal((EpochTail.Exact, (long)stopped.Accepted.Count), (end.Tail, end.Last));
        Assert.True(stopped.Accepted.Count < Images().Length, $"stopped too late to tell anything: {stopped.Accepted.Count} parts");
        Assert.All(stopped.Accepted.Keys, k => Assert.True(stopped.ConclusionOf(k).IsDecided));

        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);
        var story = LineStory.Read(PlantFile.Journal(scratch), Line);
        Assert.Equal(Images(), story.Accepted.Values.Order(StringComparer.Ordinal));
        Assert.All(story.Accepted.Keys, k => Assert.True(story.ConclusionOf(k).IsDecided));
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);

        // a third one finds nothing left to do, and says so
        var third = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);
        Assert.Contains("nothing left to inspect", third.Out, StringComparison.Ordinal);
    }

    private async Task<PlantLine> PlantLineAsync() => PlantLine.OfFolder(Line, await fitted.SmallCoarseAsync(), fitted.SmallTest, labels: true) with { Window = 8 };

    private string[] Images() =>
        [.. Directory.EnumerateFiles(fitted.SmallTest, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(fitted.SmallTest, f)).Order(StringComparer.Ordinal)];
}
