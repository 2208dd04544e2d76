using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Inspection.Protocol;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>The corpus, made once and inspected once by the real product: what was written, what the journal says of it, and what it took.</summary>
public sealed class CorpusRun : IAsyncLifetime
{
    public const int Seed = 20_260;

    /// <summary>A whole picture stands between so many others, in turn a good and a defective one.</summary>
    private const int ControlEvery = 40;

    /// <summary>Pictures of a real set that are tried, so that clear ones can be taken.</summary>
    private const int BadTried = 40, GoodTried = 12, BadTaken = 8, GoodTaken = 4;

    /// <summary>A defective part counts as clearly rejected from so many times the threshold on: what little is left of it should still do.</summary>
    private const float Clearly = 1.25f;

    private readonly Scratch _scratch = new();

    /// <summary>Managed memory ends here; whatever wants more than there is gets an exception.</summary>
    public const long HeapLimit = 320L << 20;

    /// <summary>Of the camera, as the plant file says it.</summary>
    public const double Megapixels = 2;

    /// <summary>By line and name as the product names the part.</summary>
    internal Dictionary<(string Line, string Id), Mutant> Files { get; } = [];

    /// <summary>By the same: whole pictures, and what they were judged alone.</summary>
    internal Dictionary<(string Line, string Id), Original> Controls { get; } = [];

    public Dictionary<string, LineStory> Stories { get; } = [];

    internal Ended Ended { get; private set; } = null!;

    public long PeakBytes { get; private set; }

    public TimeSpan Took { get; private set; }

    public async Task InitializeAsync()
    {
        await Plants.FitAsync(_scratch);
        Write(await OriginalsAsync());
        var clock = Stopwatch.StartNew();
        using var process = InspectionProcess.Start(
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = HeapLimit.ToString("x", CultureInfo.InvariantCulture) },
            ["run", "--plant", Plants.Write(_scratch, "corpus", Megapixels), "--headless", "--json"]);
        _ = await process.UntilAsync(
            () =>
            {
                PeakBytes = Math.Max(PeakBytes, Linux.PeakResidentBytes(process.Id));
                return process.HasExited;
            },
            ended => ended,
            "it has seen every file");
        Ended = await process.EndAsync();
        Took = clock.Elapsed;
        foreach (var (line, _) in Plants.Lines)
        {
            Stories[line] = Plants.Story(_scratch, "corpus", line);
        }
    }

    public Task DisposeAsync()
    {
        foreach (var (line, _) in Plants.Lines)
        {
            OddFiles.Unmake(_scratch[$"corpus/{line}"]);
        }

        _scratch.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Real pictures, inspected alone: taken are clearly rejected defective ones, and good ones that pass.</summary>
    private async Task<IReadOnlyList<Original>> OriginalsAsync()
    {
        var tried = new Dictionary<(string Line, string Id), (Original Original, bool Good)>();
        foreach (var (line, set) in Plants.Lines)
        {
            var test = Repository.Shared($"data/{set}/test");
            var real = Directory.EnumerateFiles(test, "*", SearchOption.AllDirectories).Where(f => !f.Contains("_mask", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
            var bad = Spread([.. real.Where(f => !IsGood(f))], BadTried);
            _ = Directory.CreateDirectory(_scratch[$"alone/{line}"]);
            foreach (var file in bad.Concat(real.Where(IsGood).Take(GoodTried)))
            {
                foreach (var original in Corpus.WithOtherFormats([new Original(line, Path.GetFileNameWithoutExtension(file), Path.GetExtension(file), File.ReadAllBytes(file), default, false)]))
                {
                    var id = original.Name + original.Extension;
                    tried.Add((line, id), (original, IsGood(file)));
                    File.WriteAllBytes(_scratch[$"alone/{line}/{id}"], original.Bytes);
                }
            }
        }

        _ = (await InspectionProcess.RunAsync("run", "--plant", Plants.Write(_scratch, "alone", Megapixels), "--headless", "--json")).Expect(0);
        var originals = new List<Original>();
        foreach (var (line, _) in Plants.Lines)
        {
            var judged = Plants.Story(_scratch, "alone", line).Concluded.Select(c => (Tried: tried[(line, c.ExternalId)], c.Conclusion, Score: c.Views[0].CoarseScore)).ToList();
            var reject = Threshold(_scratch[$"models/{line}/package.json"]);
            foreach (var format in judged.GroupBy(j => j.Tried.Original.Extension))
            {
                var bad = format.Where(j => !j.Tried.Good && j.Conclusion == Conclusion.Decided(Verdict.Ng)).OrderByDescending(j => j.Score).Take(BadTaken);
                var good = format.Where(j => j.Tried.Good && j.Conclusion.IsOk).OrderBy(j => j.Score).Take(GoodTaken);
                Assert.True(bad.Count() == BadTaken && good.Count() == GoodTaken, $"{line}: {bad.Count()} rejected and {good.Count()} good {format.Key} pictures");
                originals.AddRange(bad.Concat(good).Select(j => j.Tried.Original with { Conclusion = j.Conclusion, IsClear = j.Score >= Clearly * reject }));
            }
        }

        Assert.True(originals.Count(o => o.IsClear) > originals.Count / 3, $"{originals.Count(o => o.IsClear)} of {originals.Count} are clearly rejected");
        return originals;
    }

    private void Write(IReadOnlyList<Original> originals)
    {
        var mutants = new Corpus(Seed, originals, _scratch["elsewhere"]).All().ToArray();
        new Random(Seed).Shuffle(mutants);
        foreach (var (line, _) in Plants.Lines)
        {
            _ = Directory.CreateDirectory(_scratch[$"corpus/{line}"]);
            OddFiles.Folders(_scratch[$"corpus/{line}"]);
        }

        for (var i = 0; i < mutants.Length; i++)
        {
            var (mutant, number) = (mutants[i], i.ToString("D5", CultureInfo.InvariantCulture));
            var (line, id) = (mutant.Of?.Line ?? Plants.LineOf(mutant.Extension), number + mutant.Extension);
            var path = _scratch[$"corpus/{line}/{id}"];
            if (mutant.Make is { } make)
            {
                make(path);
            }
            else
            {
                File.WriteAllBytes(path, mutant.Bytes!);
            }

            id = File.Exists(path) || new FileInfo(path).LinkTarget is not null || mutant.Kind == "pipe" ? id : $"{OddFiles.UnreadableName}\uFFFD{mutant.Extension}";
            _ = Files.TryAdd((line, id), mutant);
            if (i % ControlEvery == 0)
            {
                var control = originals[i / ControlEvery % originals.Count];
                var name = $"{number}-whole{control.Extension}";
                Controls.Add((control.Line, name), control);
                File.WriteAllBytes(_scratch[$"corpus/{control.Line}/{name}"], control.Bytes);
            }
        }
    }

    private static float Threshold(string package)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(package));
        return manifest.RootElement.GetProperty("coarse").GetProperty("reject").GetSingle();
    }

    private static bool IsGood(string file) => Path.GetFileName(Path.GetDirectoryName(file)) == "good";

    /// <summary>So many, evenly from all.</summary>
    private static IEnumerable<string> Spread(string[] files, int count) => Enumerable.Range(0, count).Select(i => files[(int)((long)i * files.Length / count)]);
}
