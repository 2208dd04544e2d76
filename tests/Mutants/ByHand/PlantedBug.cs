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

    /// <exception cref="InvalidOperationException">The text is not there, or more than once.</exception>
    public Change ChangeIn(IReadOnlyList<SourceFile> files)
    {
        var file = files.FirstOrDefault(f => f.Path == File);
        var times = file is null ? 0 : Times(file);
        if (times == 1)
        {
            return new Change(File, file!.Text.IndexOf(Text, StringComparison.Ordinal), Text, Instead);
        }

        var elsewhere = files.Where(f => f != file && Times(f) > 0).Select(f => f.Path).ToArray();
        throw new InvalidOperationException(
            $"the bug '{Name}' changes a text that must occur once in src/Decisions/{File} and occurs {times} times"
            + $"{(elsewhere.Length > 0 ? $" (it occurs in {string.Join(", ", elsewhere)})" : "")}: {Text}");
    }

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
