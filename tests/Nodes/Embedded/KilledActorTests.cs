using Akka.Actor;
using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Xunit;

namespace Inspection.Nodes.Tests.Embedded;

[Trait("Speed", "Slow")]
[Collection(FittedModelsCollection.Name)]
public sealed class KilledActorTests(FittedModels fitted) : IDisposable
{
    private const int Parts = 120;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-kill-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("/system/sharding/line/*/*", "the line's entity")]
    [InlineData("/system/sharding/line/*/*/line", "the line's supervisor")]
    [InlineData("/user/sensor-node/l1-s1", "the station")]
    [InlineData("/user/sensor-node/l1-s1/camera-c2", "a camera session")]
    [InlineData("/user/sensor-node/l1-s1/gate", "the gate")]
    [InlineData("/user/coarse-detector-1", "a coarse detector")]
    [InlineData("/user/verifier-1", "a verifier")]
    [InlineData("/user/work-dispatcher", "the work dispatcher")]
    public async Task An_actor_killed_in_the_middle_of_a_run_costs_no_part_its_one_verdict(string path, string who)
    {
        var plant = Plant();
        var sources = PlantSources.Open(plant);
        var models = PlantModels.Load(plant);
        await using (var embedded = await EmbeddedPlant.StartAsync(plant, models, CancellationToken.None))
        {
            embedded.StartStations(sources.Setups(models), static _ => { });
            _ = await Eventually.SeesAsync(() => DecidedAsync(embedded), decided => decided >= Parts / 4, $"a quarter of the run before {who} is killed");
            embedded.System.ActorSelection(path).Tell(Kill.Instance);
            _ = await Eventually.SeesAsync(
                async () => (embedded.Finished.IsCompleted, await DecidedAsync(embedded)),
                seen => seen.IsCompleted,
                $"the run to finish after {who} was killed");
        }

        using var journal = plant.Journal.OpenSource();
        Assert.Empty(JournalVerifier.Verify(journal).Findings);
        Assert.Equal(0, ReplayR0.Run(journal, new JournalPolicies()).DifferenceCount);
        var events = journal.Chain(new LineId("l1")).Select(r => r.Event).ToList();
        var accepted = events.OfType<TriggersSeen>().SelectMany(e => e.ExternalIds).ToList();
        Assert.Equal(Enumerable.Range(1, Parts).Select(i => $"part-{i:D8}"), accepted);
        var terminal = events.OfType<PartConcluded>().LongCount() + events.OfType<PartsFellBack>().Sum(e => e.To - e.From + 1);
        Assert.Equal(Parts, terminal);
        Assert.All(events.OfType<PartsFellBack>(), e => Assert.Equal(FallbackReason.LostAtSource, e.Reason));
    }

    private static async Task<long> DecidedAsync(EmbeddedPlant plant) => (await plant.StatusAsync()).Sum(s => s.Decided);

    private Plant Plant()
    {
        var file = Path.Combine(_folder.FullName, "plant.yaml");
        File.WriteAllText(file, $$"""
            plant: kill
            lines:
              - line: l1
                recipe: { name: r, coarse: "{{fitted.Coarse}}", verifier: "{{fitted.Verifier}}", deadline: 60 s }
                stations:
                  - station: s1
                    window: 16
                    cameras:
                      - camera: c1
                        ring: 4
                        max_megapixels: 0.1
                        synthetic: { seed: 9, width: {{FittedModels.Side}}, height: {{FittedModels.Side}}, defect_rate: 0.3, parts: {{Parts}} }
                      - camera: c2
                        ring: 4
                        max_megapixels: 0.1
                        synthetic: { seed: 9, width: {{FittedModels.Side}}, height: {{FittedModels.Side}}, defect_rate: 0.3, parts: {{Parts}} }
            """);
        return PlantReader.Read(file);
    }
}
