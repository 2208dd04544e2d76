using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests.Trial;

internal readonly record struct Times(TimeSpan All, TimeSpan Compile);

/// <summary>After how many seeds each bug was found: a table for `./dev test`, all of it as JSON, and what survived as source.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(CoreSource core, Outcome control, IReadOnlyList<(Mutant Mutant, Outcome Outcome)> rows, Times times)
    {
        File.WriteAllLines(Places.Results("summary.txt"), Summary(core, control, rows, times));
        File.WriteAllText(Places.Results("mutants.json"), JsonSerializer.Serialize(
            rows.Select(r => new
            {
                bug = r.Mutant.Bug,
                kind = r.Mutant.Kind,
                place = PlaceOf(core, r.Mutant),
                breaks = r.Mutant.Breaks,
                ending = r.Outcome.Ending.ToString(),
                seeds = r.Outcome.Seeds,
                what = r.Outcome.What,
                equivalent = r.Outcome.IsFound ? null : r.Mutant.Equivalent,
                difference = Difference(core, r.Mutant),
            }),
            Readable));
        File.WriteAllText(Places.Results("survivors.txt"), Survivors(core, rows));
    }

    /// <summary>What was not found, as changes of the source: for a person to judge.</summary>
    public static string Survivors(CoreSource core, IEnumerable<(Mutant Mutant, Outcome Outcome)> rows) => string.Join("\n\n", rows
        .Where(r => !r.Outcome.IsFound && r.Mutant.Equivalent is null)
        .Select(r => $"survived {r.Outcome.Seeds} seeds: {r.Mutant.Bug}{(r.Mutant.Breaks == "" ? "" : $" (breaks {r.Mutant.Breaks})")}\n{Difference(core, r.Mutant)}"));

    private static IEnumerable<string> Summary(CoreSource core, Outcome control, IReadOnlyList<(Mutant Mutant, Outcome Outcome)> rows, Times times)
    {
        yield return $"{"planted bug",-58} {"kind",-10} {"place",-32} found";
        foreach (var (mutant, outcome) in rows)
        {
            var found = outcome.Ending switch
            {
                Ending.Violation => $"after {outcome.Seeds} seeds",
                Ending.Crash => $"after {outcome.Seeds} seeds (crash)",
                Ending.Hang => $"after {outcome.Seeds} seeds (hangs)",
                _ => mutant.Equivalent is { } why ? $"breaks nothing: {why}" : $"NOT in {outcome.Seeds} seeds",
            };
            yield return $"{Short(mutant.Short, 58),-58} {mutant.Kind,-10} {PlaceOf(core, mutant),-32} {found}";
        }

        var byHand = rows.Count(r => r.Mutant.Kind == "by hand");
        yield return $"{rows.Count} mutants ({byHand} by hand): {rows.Count(r => r.Outcome.IsFound)} found, the slowest after {rows.Where(r => r.Outcome.IsFound).Select(r => r.Outcome.Seeds).DefaultIfEmpty().Max()} seeds; "
            + $"{rows.Count(r => !r.Outcome.IsFound && r.Mutant.Equivalent is not null)} break nothing, {rows.Count(r => !r.Outcome.IsFound && r.Mutant.Equivalent is null)} not found";
        yield return $"the core as it is: {control.What}; {times.Compile.TotalSeconds / (rows.Count + 1):F1} s a compile, all in {times.All.TotalSeconds:F0} s";
    }

    private static string Difference(CoreSource core, Mutant mutant) => mutant.Change.Difference(core.Named(mutant.Change.File));

    private static string PlaceOf(CoreSource core, Mutant mutant) => $"{mutant.Change.File}:{core.Named(mutant.Change.File).Text.AsSpan(0, mutant.Change.At).Count('\n') + 1}";

    private static string Short(string text, int most) => text.Length <= most ? text : new StringBuilder(text, 0, most - 3, most).Append("...").ToString();
}
