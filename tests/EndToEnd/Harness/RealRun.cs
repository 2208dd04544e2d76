using System.Text.Json;

namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>The three real sets as three lines with labels, run once with --json for all tests that look at it.</summary>
internal sealed class RealRun : IDisposable
{
    public static readonly string[] Sets = ["magnetic_tile", "screw", "solar_mono"];

    private readonly Scratch _scratch;

    private RealRun(Scratch scratch, string plant, Ended ended)
    {
        (_scratch, Plant, Ended) = (scratch, plant, ended);
        Answer = JsonDocument.Parse(ended.Expect(0).Out).RootElement;
        Stories = Sets.ToDictionary(s => s, s => LineStory.Read(Journal, s));
    }

    public string Plant { get; }

    public Ended Ended { get; }

    /// <summary>What --json put on standard output, all of it.</summary>
    public JsonElement Answer { get; }

    public string Journal => PlantFile.Journal(_scratch);

    public IReadOnlyDictionary<string, LineStory> Stories { get; }

    public string Package(string set) => _scratch[$"packages/{set}"];

    public string EjectorLog(string set) => PlantFile.EjectorLog(_scratch, set);

    /// <summary>Names of the images on disk, as the folder camera names parts.</summary>
    public static string[] Images(string set)
    {
        var test = Repository.Shared($"data/{set}/test");
        return [.. Directory.EnumerateFiles(test, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(test, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];
    }

    public static async Task<RealRun> MakeAsync(Fitted fitted)
    {
        var scratch = new Scratch();
        var lines = new List<PlantLine>();
        foreach (var set in Sets)
        {
            var data = Repository.Shared($"data/{set}");
            var coarse = await fitted.FitCoarseAsync(data, set, ["--bank", "1000", .. set == "screw" ? (string[])["--align", "axis"] : ["--no-flips"]]);
            var line = PlantLine.OfFolder(set, scratch.Copy(coarse, $"packages/{set}"), Path.Combine(data, "test"), labels: true);
            lines.Add(set == "magnetic_tile" ? line with { Verifier = await fitted.FitVerifierAsync(data, coarse, "tile-verifier") } : line);
        }

        var plant = PlantFile.Write(scratch, "archive: { folder: frames, ok_sample: 1 }\n", lines);
        return new RealRun(scratch, plant, await InspectionProcess.RunAsync("run", "--plant", plant, "--json"));
    }

    /// <summary>A plant file over a copy of one package and the same journal, for tests that change the package.</summary>
    public (Scratch Scratch, string Plant, string Package) WithOwnPackage(string set)
    {
        var scratch = new Scratch();
        var package = scratch.Copy(Package(set), "package");
        var line = PlantLine.OfFolder(set, package, Repository.Shared($"data/{set}/test"), labels: true);
        _ = Directory.CreateDirectory(scratch["state"]);
        using (var from = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Journal};Mode=ReadOnly;Pooling=False"))
        using (var to = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={PlantFile.Journal(scratch)};Pooling=False"))
        {
            from.Open();
            to.Open();
            from.BackupDatabase(to);
        }

        return (scratch, PlantFile.Write(scratch, line), package);
    }

    public void Dispose() => _scratch.Dispose();
}
