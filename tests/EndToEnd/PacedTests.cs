using System.Text.Json;
using Inspection.Protocol;

namespace Inspection.EndToEnd.Tests;

/// <summary>Rules S2, S3, W7, G1, G3: a camera faster than the model.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class PacedTests(Fitted fitted)
{
    private const int Parts = 4000;
    private static readonly TimeSpan Travel = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task Overload_sheds_and_records_and_nothing_passes_without_its_ok_or_in_the_first_travel()
    {
        using var scratch = new Scratch();
        var line = PlantLine.Synthetic("fast", await fitted.SmallCoarseAsync(), Parts) with { Pace = "200/s", Travel = "1500 ms", Window = 16 };
        var plant = PlantFile.Write(scratch, "inference: { detectors: 1 }\n", [line]);
        var ended = (await InspectionProcess.RunAsync("run", "--plant", plant, "--json")).Expect(0);
        using var answer = JsonDocument.Parse(ended.Out);
        long Number(string key) => answer.RootElement.GetProperty(key).GetInt64();
        Assert.True(Number("accepted") == Parts && Number("open") == 0 && Number("accepted") == Number("decided") + Number("fallback"), ended.ToString());

        var story = LineStory.Read(PlantFile.Journal(scratch), "fast");
        story.HasOneTerminalRecordEach();
        var conclusions = story.Accepted.Keys.ToDictionary(k => k, story.ConclusionOf);
        Assert.Contains(conclusions.Values, c => c.Fallback == FallbackReason.Shed);
        Assert.Contains(conclusions.Values, c => c.IsDecided);

        Assert.Equal(story.Accepted.Keys.ToHashSet(), [.. story.Acts.Keys]);
        Assert.Equal(story.Accepted.Keys.ToHashSet(), [.. EjectorLog.Read(PlantFile.EjectorLog(scratch, "fast")).Keys]);
        EjectorLog.Agrees(story, PlantFile.EjectorLog(scratch, "fast"));
        Assert.Contains(story.Acts.Values, passed => passed);
        var firstPass = EjectorLog.FirstPass(PlantFile.EjectorLog(scratch, "fast"));
        Assert.True(firstPass - story.Granted[0] >= Travel, $"epoch granted {story.Granted[0]:O}, first pass {firstPass:O}");
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "replay", "--plant", plant)).Expect(0);
    }
}
