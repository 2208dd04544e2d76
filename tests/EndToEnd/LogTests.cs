using System.Text.Json;
using Inspection.Tests.Support.Cluster;

namespace Inspection.EndToEnd.Tests;

/// <summary>Rule J8 with real processes: a plant, its log, and a witness that belongs to somebody else.</summary>
[Collection(RealProcesses.Name)]
[Trait("Speed", "Slow")]
public sealed class LogTests(Fitted fitted)
{
    private const string Witness = "witness.example/w1";

    [Fact]
    public async Task A_plant_is_cosigned_goes_on_without_its_witness_and_is_cosigned_again()
    {
        using var scratch = new Scratch();
        var port = Ports.Free();
        var plant = await PlantAsync(scratch, port, parts: 400, pace: "20/s");
        _ = (await InspectionProcess.RunAsync("audit", "new-key", "--name", Witness, "--kind", "witness", "--out", scratch["witness/key"])).Expect(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scratch["witness/key"]));
        _ = (await InspectionProcess.RunAsync("audit", "new-key", "--name", "inspection/tested", "--out", scratch["state/log.key"])).Expect(0);

        using var run = InspectionProcess.Start("run", "--plant", plant, "--headless");
        using (var witness = await WitnessAsync(scratch, port))
        {
            _ = await run.UntilAsync(() => Cosigned(scratch), n => n >= 2, "2 checkpoints are cosigned");
            witness.Send(Signal.Kill);
            _ = await witness.EndAsync();
        }

        var before = Cosigned(scratch);
        var signed = Signed(scratch);
        _ = await run.UntilAsync(() => Signed(scratch), n => n >= signed + 3, "3 checkpoints are signed without the witness");
        Assert.True(Cosigned(scratch) <= before + 1, "a killed witness does not cosign");
        using (await WitnessAsync(scratch, port))
        {
            _ = await run.UntilAsync(() => Cosigned(scratch), n => n >= before + 2, "checkpoints are cosigned again");
            var ended = (await run.EndAsync()).Expect(0);
            Assert.Contains("cosigned", ended.Out, StringComparison.Ordinal);

            var held = await HeldAsync(port);
            _ = scratch.File("held.note", held);
        }

        _ = (await InspectionProcess.RunAsync("audit", "export", "--plant", plant, "--out", scratch["bundle"])).Expect(0);
        string[] keys = ["--log-key", scratch["state/log.key.pub"], "--witness", scratch["witness/key.pub"], "--held", scratch["held.note"]];
        var verified = (await InspectionProcess.RunAsync(["audit", "verify", scratch["bundle"], .. keys, "--json"])).Expect(0);
        using var json = JsonDocument.Parse(verified.Out);
        var log = json.RootElement.GetProperty("log");
        Assert.Equal(log.GetProperty("signed").GetInt64(), log.GetProperty("cosigned").GetInt64());
        var line = json.RootElement.GetProperty("lines")[0];
        Assert.Equal(line.GetProperty("records").GetInt64(), line.GetProperty("logged").GetInt64());

        await FindsWhatIsWrongAsync(scratch, keys);
        await StartsOnNoOldCopyAsync(scratch, plant, port);
    }

    [Fact]
    public async Task A_killed_plant_goes_on_with_its_log_and_a_new_key_is_recorded()
    {
        using var scratch = new Scratch();
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), parts: 200) with { Pace = "20/s", Travel = "3 s" });
        using (var first = InspectionProcess.Start("run", "--plant", plant))
        {
            _ = await first.UntilAsync(() => Signed(scratch), n => n >= 2, "2 checkpoints are signed");
            first.Send(Signal.Kill);
            _ = await first.EndAsync();
        }

        File.Move(scratch["state/log.key"], scratch["old.key"]);
        File.Move(scratch["state/log.key.pub"], scratch["old.pub"]);
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);

        string[] verify = ["audit", "verify", "--plant", plant, "--log-key"];
        var one = (await InspectionProcess.RunAsync([.. verify, scratch["state/log.key.pub"]])).Expect(1);
        Assert.Contains("carries no signature by", one.Out, StringComparison.Ordinal);
        var both = (await InspectionProcess.RunAsync([.. verify, scratch["state/log.key.pub"], scratch["old.pub"]])).Expect(0);
        Assert.Contains("verified: no findings", both.Out, StringComparison.Ordinal);
    }

    private static async Task FindsWhatIsWrongAsync(Scratch scratch, string[] keys)
    {
        // another's key: nothing can be judged with it
        _ = (await InspectionProcess.RunAsync("audit", "new-key", "--name", "other/plant", "--out", scratch["other.key"])).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "verify", scratch["bundle"], "--log-key", scratch["other.key.pub"])).Expect(2).Says("inspection/tested", "other/plant");

        // a key of the same name: as if the log had been forged
        _ = (await InspectionProcess.RunAsync("audit", "new-key", "--name", "inspection/tested", "--out", scratch["same.key"])).Expect(0);
        var forged = (await InspectionProcess.RunAsync("audit", "verify", scratch["bundle"], "--log-key", scratch["same.key.pub"])).Expect(1);
        Assert.Contains("carries no signature by", forged.Out, StringComparison.Ordinal);

        _ = (await InspectionProcess.RunAsync("audit", "verify", scratch["bundle"], "--witness", scratch["state/log.key.pub"])).Expect(2).Says("of a log", "of a witness");
        _ = (await InspectionProcess.RunAsync("audit", "verify", scratch["bundle"], "--log-key", scratch["nowhere.pub"])).Expect(2).Says("nowhere.pub");

        // a cut log, in a bundle whose manifest was made to fit
        var cut = scratch.Copy(scratch["bundle"], "cut");
        File.Delete(Path.Combine(cut, "log.records"));
        _ = (await InspectionProcess.RunAsync(["audit", "verify", cut, .. keys])).Expect(2).Says("log.records");
    }

    /// <summary>The copy is of the moment before the last leaves.</summary>
    private static async Task StartsOnNoOldCopyAsync(Scratch scratch, string plant, int port)
    {
        var journal = PlantFile.Journal(scratch);
        File.Delete(journal);
        using (await WitnessAsync(scratch, port))
        {
            _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(3).Says("behind", "origin");
            Assert.Equal(0, Signed(scratch));
        }
    }

    private static async Task<InspectionProcess> WitnessAsync(Scratch scratch, int port)
    {
        var witness = InspectionProcess.Start("witness", "--name", Witness, "--key", scratch["witness/key"], "--log", scratch["state/log.key.pub"], "--store", scratch["witness/store.db"], "--port", $"{port}");
        _ = await witness.UntilAsync(() => witness.Out, o => o.Contains("watches", StringComparison.Ordinal), "the witness answers");
        return witness;
    }

    private static async Task<string> HeldAsync(int port)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/checkpoint/inspection/tested"));
    }

    private static long Signed(Scratch scratch) => LogStory.Notes(PlantFile.Journal(scratch)).Count;

    private static long Cosigned(Scratch scratch) => LogStory.Notes(PlantFile.Journal(scratch)).Count(n => n.Contains(Witness, StringComparison.Ordinal));

    private async Task<string> PlantAsync(Scratch scratch, int port, int parts, string pace) => PlantFile.Write(
        scratch,
        $"log: {{ witnesses: [ {{ address: \"http://127.0.0.1:{port}\", key: witness/key.pub }} ] }}\n",
        [PlantLine.Synthetic("line", await fitted.SmallCoarseAsync(), parts) with { Pace = pace, Travel = "3 s" }]);
}
