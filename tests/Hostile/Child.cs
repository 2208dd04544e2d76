using System.Diagnostics;
using System.Globalization;

namespace Inspection.Hostile.Tests;

/// <summary>Runs <see cref="Program"/> over many cases in one process, with a limit to its memory.</summary>
/// <param name="Outcomes">By case: what reading it ended with.</param>
/// <param name="PeakBytes">The most memory it ever held.</param>
internal sealed record Child(IReadOnlyDictionary<string, string> Outcomes, long PeakBytes, TimeSpan Took)
{
    public const string Begins = "> ";
    public const string Ended = "< ";
    public const string All = "done";

    /// <summary>Of a case: refused by the product's own exception, whose words follow.</summary>
    public const string Refused = "refused: ";

    /// <summary>Of a case: read; what it is follows.</summary>
    public const string Taken = "taken: ";

    /// <param name="what">As <see cref="Program"/> names it.</param>
    /// <param name="heapLimit">Managed memory ends here.</param>
    public static async Task<Child> ReadAsync(string what, IReadOnlyList<string> cases, Scratch scratch, long heapLimit)
    {
        var list = scratch.File($"{what}.txt", string.Join('\n', cases));
        var clock = Stopwatch.StartNew();
        var peak = 0L;
        using var process = InspectionProcess.Start(
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = heapLimit.ToString("x", CultureInfo.InvariantCulture) },
            ["exec", typeof(Child).Assembly.Location, what, list],
            "dotnet");
        _ = await process.UntilAsync(
            () =>
            {
                peak = Math.Max(peak, Linux.PeakResidentBytes(process.Id));
                return process.HasExited;
            },
            ended => ended,
            $"{cases.Count} {what} are read");
        var ended = await process.EndAsync();
        var said = ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(ended.Code == 0 && said.LastOrDefault() == All, $"ended with {ended.Code} at {said.LastOrDefault(l => l.StartsWith(Begins, StringComparison.Ordinal))}\n{ended.Error[..Math.Min(ended.Error.Length, 3000)]}");
        var outcomes = said.Chunk(2).Where(c => c.Length == 2).ToDictionary(c => c[0][Begins.Length..], c => c[1][Ended.Length..]);
        Assert.Equal(cases.Count, outcomes.Count);
        return new Child(outcomes, peak, clock.Elapsed);
    }

    /// <summary>Counts by outcome, and what it took.</summary>
    /// <param name="byKind">A row a kind, too.</param>
    public static IEnumerable<string> Table(IEnumerable<(string Kind, string Outcome)> cases, Child child, bool byKind)
    {
        var all = cases.ToList();
        string Row(string kind, IReadOnlyCollection<(string Kind, string Outcome)> of) =>
            $"{kind,-26}{of.Count,7}{of.Count(c => c.Outcome.StartsWith(Taken, StringComparison.Ordinal)),8}{of.Count(c => c.Outcome.StartsWith(Refused, StringComparison.Ordinal)),9}{of.Count(c => !c.Outcome.StartsWith(Taken, StringComparison.Ordinal) && !c.Outcome.StartsWith(Refused, StringComparison.Ordinal)),7}";
        return
        [
            $"{"what was done",-26}{"cases",7}{"taken",8}{"refused",9}{"else",7}",
            .. all.Where(_ => byKind).GroupBy(c => c.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Row(g.Key, [.. g])),
            Row("all", all),
            string.Create(CultureInfo.InvariantCulture, $"one process in {child.Took.TotalSeconds:0} s, peak memory {child.PeakBytes >> 20} MiB"),
        ];
    }
}
