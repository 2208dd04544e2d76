using System.Globalization;
using System.Text;
using Inspection.Audit.Journals;

namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>A line with one station and one camera, as a plant file says it.</summary>
internal sealed record PlantLine(string Name, string Coarse, string Source)
{
    public string? Verifier { get; init; }

    /// <summary>Pulled where null.</summary>
    public string? Pace { get; init; }

    public string? Travel { get; init; }

    public string? Deadline { get; init; }

    /// <summary>More keys of the gate, as the plant file has them.</summary>
    public string? Gate { get; init; }

    public int Window { get; init; } = 64;

    public static PlantLine OfFolder(string name, string coarse, string folder, bool labels = false) =>
        new(name, coarse, $"folder: \"{folder}\"{(labels ? ", labels: folder" : "")}");

    public static PlantLine Synthetic(string name, string coarse, int parts, int seed = 7) => new(name, coarse, string.Create(
        CultureInfo.InvariantCulture, $"synthetic: {{ seed: {seed}, width: {Fitted.SmallSide}, height: {Fitted.SmallSide}, defect_rate: 0.3, parts: {parts} }}"));
}

/// <summary>Writes plant files; state and journal lie in the folder `state` beside.</summary>
internal static class PlantFile
{
    public static string Write(Scratch scratch, params IReadOnlyList<PlantLine> lines) => Write(scratch, "", lines);

    public static string Write(Scratch scratch, string more, IReadOnlyList<PlantLine> lines)
    {
        var text = new StringBuilder("plant: tested\nstate: state\n").Append(more).Append("lines:\n");
        foreach (var line in lines)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"""
                  - line: {line.Name}
                    recipe: {"{"} name: product, coarse: "{line.Coarse}"{(line.Verifier is { } v ? $", verifier: \"{v}\"" : "")}{(line.Deadline is { } d ? $", deadline: {d}" : "")} {"}"}
                    stations:
                      - station: s1
                        window: {line.Window}
                        pace: {line.Pace ?? "pulled"}
                        {(line.Travel is null && line.Gate is null ? "# indexed" : $"gate: {{ {string.Join(", ", new[] { line.Travel is { } t ? $"travel: {t}" : null, line.Gate }.OfType<string>())} }}")}
                        cameras:
                          - {"{"} camera: c1, {line.Source} {"}"}

                """);
        }

        return scratch.File("plant.yaml", text.ToString());
    }

    /// <summary>What the plant has journalled so far, also while it runs; nothing before its first start.</summary>
    public static List<T> Events<T>(Scratch scratch)
    {
        if (!File.Exists(Journal(scratch)))
        {
            return [];
        }

        using var journal = SqliteJournal.Open(Journal(scratch));
        return [.. journal.Lines.SelectMany(l => journal.Chain(l)).Select(r => r.Event).OfType<T>()];
    }

    public static string Journal(Scratch scratch) => scratch["state/journal.db"];

    public static string EjectorLog(Scratch scratch, string line) => scratch[$"state/ejector-{line}-s1.jsonl"];
}
