using System.Globalization;

namespace Inspection.Hostile.Tests.Texts;

/// <summary>Plant files and node files that are broken or hostile: read to a valid one, or refused in words that name the file; in a child, so that nothing can end unseen.</summary>
[Trait("Speed", "Slow")]
public sealed class HostileTextTests
{
    private const int Seed = 31;
    private const long HeapLimit = 256L << 20;
    private const long MostMemory = 400L << 20;

    private const string Plant = """
        plant: p
        state: state
        key: local.key
        journal: { sqlite: journal.db }
        log: { origin: plant/p, witnesses: [{ address: "http://w:1", key: w.pub }] }
        archive: { folder: frames, ok_sample: 0.1 }
        inference: { provider: cpu, detectors: 2, verifiers: 1, batches: [1, 4, 8], memory_limit_mib: 64, models: { m: cpu }, simulated: { base: 5 ms, per_frame: 2 ms } }
        lines:
          - line: l1
            recipe: { name: r, coarse: models/c, verifier: models/v, deadline: 900 ms, dispositions: { ng: rework, by_defect: { scratch: scrap } } }
            stations:
              - station: s1
                window: 64
                pace: 10/s
                gate: { travel: 2 s, ejector_log: e.jsonl }
                cameras:
                  - { camera: c1, folder: pictures, labels: folder, ring: 8, max_megapixels: 5, frozen_after: 3 }
                  - { camera: c2, folder: others }
          - line: l2
            recipe: { name: r, coarse: models/c }
            stations:
              - station: s1
                cameras:
                  - camera: c1
                    synthetic: { seed: 4, width: 320, height: 320, defect_rate: 0.1, parts: 9 }

        """;

    private const string Node = """
        id: n1
        cluster: c
        plant: plant.yaml
        state: state
        address: { host: 127.0.0.1, bind: 0.0.0.0, remote: 4053, http: 8558, data: 0 }
        supervisors: [a:8558, "b:8558"]
        stations: [l1/s1]
        inference: { provider: cpu, detectors: 2, batches: [1, 4] }

        """;

    [Theory]
    [InlineData("plants", Plant, 1_000)]
    [InlineData("nodes", Node, 1_000)]
    public async Task Each_is_read_or_refused_in_words_and_never_anything_else(string what, string text, int least)
    {
        using var scratch = new Scratch();
        var mutations = TextMutations.Of(text, new Random(Seed)).Concat(TextMutations.Bombs(text)).Append(("whole", System.Text.Encoding.UTF8.GetBytes(text))).ToArray();
        Assert.InRange(mutations.Length, least, int.MaxValue);
        var files = mutations.Select((m, i) =>
        {
            var file = scratch.File($"{what}/{i.ToString("D5", CultureInfo.InvariantCulture)}.yaml", "");
            File.WriteAllBytes(file, m.Item2);
            return (Kind: m.Item1, File: file);
        }).ToArray();
        var child = await Child.ReadAsync(what, [.. files.Select(f => f.File)], scratch, HeapLimit);

        Summary.Write($"3 {what}", [.. Child.Table(files.Select(f => (f.Kind, child.Outcomes[f.File])), child, byKind: what == "plants")]);
        var wrong = files.Where(f => !Fits(f.File, child.Outcomes[f.File])).Select(f => $"{f.Kind}: {child.Outcomes[f.File][..Math.Min(400, child.Outcomes[f.File].Length)]}\n{File.ReadAllText(f.File)[..(int)Math.Min(1200, new FileInfo(f.File).Length)]}").ToArray();
        Assert.True(wrong.Length == 0, $"{wrong.Length} of {files.Length}:\n{string.Join('\n', wrong.Take(8))}");
        Assert.StartsWith(Child.Taken, child.Outcomes[files[^1].File], StringComparison.Ordinal);
        Assert.InRange(child.PeakBytes, 1, MostMemory);
    }

    /// <summary>A refusal names the file.</summary>
    private static bool Fits(string file, string outcome) =>
        outcome.StartsWith(Child.Taken, StringComparison.Ordinal) || (outcome.StartsWith(Child.Refused, StringComparison.Ordinal) && outcome.Contains(Path.GetFileName(file), StringComparison.Ordinal));
}
