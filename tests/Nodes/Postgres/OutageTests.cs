using System.Text.Json;
using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;
using Inspection.Embedded;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Protocol;
using Inspection.Tests.Support;
using Xunit;

namespace Inspection.Nodes.Tests.Postgres;

/// <summary>
/// A conveyor on PostgreSQL, whose server goes away under load and comes back (promise P7: while the database is down, all divert). No
/// test here sleeps: an outage lasts until the conveyor has brought so many parts to the ejector.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(FittedModelsCollection.Name)]
public sealed class OutageTests(FittedModels fitted) : IAsyncLifetime
{
    /// <summary>Triggers a second.</summary>
    private const int Pace = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-outage-");
    private PostgresServer _server = null!;

    private string EjectorLog => Path.Combine(_folder.FullName, "ejector.jsonl");

    public async Task InitializeAsync() => _server = await PostgresServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("stopped", 20 * Pace)]
    [InlineData("frozen", 20 * Pace)]
    [InlineData("killed", Pace)]
    [InlineData("restarted", 0)]
    public async Task While_the_database_is_away_parts_divert_and_afterwards_the_line_decides_again_by_itself(string how, int partsMeanwhile)
    {
        var plant = Plant();
        var sources = PlantSources.Open(plant);
        await using (var embedded = await EmbeddedPlant.StartAsync(plant, PlantModels.Load(plant), CancellationToken.None))
        {
            embedded.StartStations(sources.Setups(embedded.Models), static _ => { });
            _ = await Eventually.SeesAsync(async () => await DecidedAsync(embedded), decided => decided >= 10, "parts decided before the outage", Patience);

            await AwayAsync(how);
            var (away, acts) = (TimeProvider.System.GetUtcNow().UtcDateTime, Acts().Count);
            if (partsMeanwhile > 0)
            {
                _ = await Eventually.SeesAsync(() => Task.FromResult(Acts().Count), n => n >= acts + partsMeanwhile, "parts at the ejector during the outage", Patience);
                var health = await embedded.Store.Probe.CheckAsync();
                Assert.False(health.IsGood, health.What);
            }

            await BackAsync(how);
            _ = await Eventually.SeesAsync(async () => await DecidedAfterAsync(plant, away), decided => decided >= 10, "parts decided after the outage", Patience);
            Assert.True((await embedded.Store.Probe.CheckAsync()) is { IsGood: true } good, "the probe");
            embedded.StopStations();
            _ = await Eventually.SeesAsync(
                async () => (embedded.Finished.IsCompleted, string.Join("; ", await embedded.StatusAsync())), seen => seen.IsCompleted, "the stations to finish", Patience);
        }

        AssertHonest(plant);
    }

    private async Task AwayAsync(string how)
    {
        switch (how)
        {
            case "frozen":
                _server.Freeze();
                break;
            case "killed":
                await _server.KillAsync();
                break;
            default:
                await _server.StopAsync();
                break;
        }
    }

    private Task BackAsync(string how)
    {
        if (how == "frozen")
        {
            _server.Thaw();
            return Task.CompletedTask;
        }

        return _server.StartAgainAsync();
    }

    private static async Task<long> DecidedAsync(EmbeddedPlant plant) => (await plant.StatusAsync()).Sum(s => s.Decided);

    private static Task<int> DecidedAfterAsync(Plant plant, DateTime utc) => Task.Run(() =>
    {
        try
        {
            using var journal = plant.Journal.OpenSource();
            return journal.Chain(new LineId("l1")).Select(r => r.Event).OfType<PartConcluded>().Count(e => e.Conclusion.IsDecided && e.UtcTicks > utc.Ticks);
        }
        catch (JournalUnavailableException e) when (e.MayPass)
        {
            return 0; // it has only just come back
        }
    });

    /// <summary>Promises P1, P2, P3 and rule J1, over the whole journal and the ejector's own log.</summary>
    private void AssertHonest(Plant plant)
    {
        using var journal = plant.Journal.OpenSource();
        var verified = JournalVerifier.Verify(journal);
        Assert.True(verified.IsGood, verified.ToJson());
        Assert.Equal(0, Assert.Single(verified.Lines).Open);
        Assert.Equal(0, ReplayR0.Run(journal, new JournalPolicies()).DifferenceCount);

        var records = journal.Chain(new LineId("l1")).ToList();
        Assert.Equal(Enumerable.Range(1, records.Count).Select(i => (long)i), records.Select(r => r.Sequence));
        var terminal = new Dictionary<(long Epoch, long Counter), Conclusion>();
        foreach (var e in records.Select(r => r.Event))
        {
            if (e is PartConcluded part)
            {
                terminal.Add((part.Key.Epoch, part.Key.Counter), part.Conclusion);
            }
            else if (e is PartsFellBack range)
            {
                for (var c = range.From; c <= range.To; c++)
                {
                    terminal.Add((range.Epoch, c), Conclusion.FellBack(range.Reason));
                }
            }
        }

        Assert.Equal(verified.Lines[0].Accepted, terminal.Count);
        var passed = Acts().Where(a => a.Passed).ToList();
        Assert.All(passed, a => Assert.True(terminal[(a.Epoch, a.Counter)].IsOk, $"part {a} passed without a committed OK"));
    }

    private List<(long Epoch, long Counter, bool Passed)> Acts()
    {
        if (!File.Exists(EjectorLog))
        {
            return [];
        }

        using var file = new StreamReader(new FileStream(EjectorLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.EndsWith('}')).Select(l =>
        {
            using var act = JsonDocument.Parse(l);
            var root = act.RootElement;
            return (root.GetProperty("epoch").GetInt64(), root.GetProperty("counter").GetInt64(), root.GetProperty("act").GetString() == "pass");
        })];
    }

    private Plant Plant()
    {
        var file = Path.Combine(_folder.FullName, "plant.yaml");
        File.WriteAllText(file, $$"""
            plant: outage
            journal: { postgres: "{{_server.ConnectionString()}}" }
            lines:
              - line: l1
                recipe: { name: r, coarse: "{{fitted.Coarse}}", deadline: 4 s }
                stations:
                  - station: s1
                    pace: {{Pace}}/s
                    gate: { travel: 5 s, ejector_log: "{{EjectorLog}}" }
                    cameras:
                      - camera: c1
                        max_megapixels: 0.1
                        synthetic: { seed: 9, width: {{FittedModels.Side}}, height: {{FittedModels.Side}}, defect_rate: 0.3 }
            """);
        return PlantReader.Read(file);
    }
}
