using Inspection.Mutants.Tests.Core;

namespace Inspection.Mutants.Tests.ByHand;

/// <summary>A mistake that somebody could make.</summary>
/// <param name="Name">The mistake, in a few words.</param>
/// <param name="File">Below src/Decisions.</param>
/// <param name="Text">Occurs exactly once in the file.</param>
/// <param name="Instead">What stands there with the mistake.</param>
/// <param name="Breaks">The promise or rule it breaks.</param>
internal sealed record PlantedBug(string Name, string File, string Text, string Instead, string Breaks)
{
    public static IReadOnlyList<PlantedBug> All { get; } = [.. LedgerBugs.All, .. StationBugs.All, .. GateBugs.All, .. PolicyBugs.All, .. WorkBugs.All];

    /// <summary>Why it can't be planted: the text is not there, or more than once. Null: it can.</summary>
    public string? Misplaced(IReadOnlyList<SourceFile> files)
    {
        if (files.FirstOrDefault(f => f.Path == File) is { } file && Times(file) == 1)
        {
            return null;
        }

        var places = files.Select(f => (f.Path, Times: Times(f))).Where(f => f.Times > 0).Select(f => $"{f.Times} in {f.Path}").ToArray();
        return $"the bug '{Name}' changes a text that must occur once in src/Decisions/{File} and occurs {(places.Length > 0 ? string.Join(", ", places) : "nowhere")}: {Text}";
    }

    /// <exception cref="InvalidOperationException">It can't be planted.</exception>
    public Change ChangeIn(IReadOnlyList<SourceFile> files) => Misplaced(files) is { } why
        ? throw new InvalidOperationException(why)
        : new Change(File, files.Single(f => f.Path == File).Text.IndexOf(Text, StringComparison.Ordinal), Text, Instead);

    public override string ToString() => Name;

    private int Times(SourceFile file)
    {
        var times = 0;
        for (var at = file.Text.IndexOf(Text, StringComparison.Ordinal); at >= 0; at = file.Text.IndexOf(Text, at + 1, StringComparison.Ordinal))
        {
            times++;
        }

        return times;
    }
}
