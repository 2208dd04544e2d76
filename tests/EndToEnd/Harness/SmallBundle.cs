namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>A small plant's bundle with what an auditor holds, good and wrong. Never changed: tests change a <see cref="Copy"/>.</summary>
internal sealed class SmallBundle : IDisposable
{
    public const string Line = "line";

    public const string Part = "line/1/1";

    /// <summary>The plant's log and its key are called so.</summary>
    public const string Origin = "inspection/tested";

    private readonly Scratch _scratch = new();

    private SmallBundle()
    {
    }

    public string Folder => _scratch["bundle"];

    public string LogKey => _scratch["state/log.key.pub"];

    /// <summary>Of the part <see cref="Part"/>.</summary>
    public string Receipt => _scratch["part.receipt"];

    /// <summary>A checkpoint of the plant, kept from earlier.</summary>
    public string Held => _scratch["held.note"];

    /// <summary>The private halves lie beside, without .pub.</summary>
    public string OtherPlantsKey => _scratch["other.key.pub"];

    /// <summary>Has the plant's name, and is another.</summary>
    public string ForgersKey => _scratch["forger.key.pub"];

    /// <summary>Of a witness that never saw the plant.</summary>
    public string StrangersKey => _scratch["stranger.key.pub"];

    public static async Task<SmallBundle> MakeAsync(Fitted fitted)
    {
        var made = new SmallBundle();
        var scratch = made._scratch;
        var plant = PlantFile.Write(scratch, PlantLine.Synthetic(Line, await fitted.SmallCoarseAsync(), parts: 6));
        _ = (await InspectionProcess.RunAsync("run", "--plant", plant)).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "export", "--plant", plant, "--out", made.Folder)).Expect(0);
        _ = (await InspectionProcess.RunAsync("audit", "receipt", Part, "--bundle", made.Folder, "--out", made.Receipt)).Expect(0);
        _ = scratch.File("held.note", LogStory.Notes(PlantFile.Journal(scratch))[^1]);
        foreach (var (name, kind, file) in new[] { ("other/plant", "log", "other.key"), (Origin, "log", "forger.key"), ("stranger.example/w9", "witness", "stranger.key") })
        {
            _ = (await InspectionProcess.RunAsync("audit", "new-key", "--name", name, "--kind", kind, "--out", scratch[file])).Expect(0);
        }

        return made;
    }

    public string Copy(Scratch to) => to.Copy(Folder, "bundle");

    public void Dispose() => _scratch.Dispose();
}
