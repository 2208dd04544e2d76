using Inspection.Audit.Journals;
using Inspection.Audit.Verifying;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Sensor;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Frames;
using Xunit;

namespace Inspection.Nodes.Tests.Embedded;

[Trait("Speed", "Slow")]
[Collection(FittedModelsCollection.Name)]
public sealed class BrokenCameraTests(FittedModels fitted) : IDisposable
{
    private const int Parts = 60;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-camera-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_device_that_fails_loses_only_its_frames_and_is_opened_again()
    {
        var file = Path.Combine(_folder.FullName, "plant.yaml");
        File.WriteAllText(file, $$"""
            plant: camera
            lines:
              - line: l1
                recipe: { name: r, coarse: "{{fitted.Coarse}}", deadline: 60 s }
                stations:
                  - station: s1
                    window: 2
                    cameras:
                      - camera: c1
                        ring: 2
                        max_megapixels: 0.1
                        synthetic: { seed: 9, width: {{FittedModels.Side}}, height: {{FittedModels.Side}}, parts: {{Parts}} }
            """);
        var plant = PlantReader.Read(file);
        var sources = PlantSources.Open(plant);
        var models = PlantModels.Load(plant);
        var opened = 0;
        var setup = sources.Setups(models).Single();
        var failing = setup with
        {
            Cameras = [.. setup.Cameras.Select(c => new CameraSetup(c.Plan, () => new FailingCamera(c.Open(), fails: ++opened == 1)))],
        };
        await using (var embedded = await EmbeddedPlant.StartAsync(plant, models, CancellationToken.None))
        {
            embedded.StartStations([failing], static _ => { });
            _ = await Eventually.SeesAsync(() => Task.FromResult(embedded.Finished.IsCompleted), done => done, "the run to finish after its camera failed");
        }

        using var journal = plant.Journal.OpenSource();
        Assert.Empty(JournalVerifier.Verify(journal).Findings);
        var parts = journal.Chain(new LineId("l1")).Select(r => r.Event).OfType<PartConcluded>().ToList();
        Assert.Equal(Parts, parts.Count);
        var lost = parts.Where(p => p.Conclusion.Fallback == FallbackReason.LostAtSource).ToList();
        Assert.NotEmpty(lost);
        Assert.All(lost, p => Assert.Contains("cable pulled", p.Reason, StringComparison.Ordinal));
        Assert.True(parts[^1].Conclusion.IsDecided, "the camera did not come back");
        Assert.True(opened >= 2, $"the device was opened {opened} times");
    }

    /// <summary>Fails for good at its tenth frame, when told so.</summary>
    private sealed class FailingCamera(ICamera inner, bool fails) : ICamera
    {
        private int _frames;

        public string Description => inner.Description;

        public CaptureResult Capture(string externalId, FrameSlot slot) => fails && ++_frames >= 10
            ? throw new IOException("cable pulled")
            : inner.Capture(externalId, slot);

        public void Dispose() => inner.Dispose();
    }
}
