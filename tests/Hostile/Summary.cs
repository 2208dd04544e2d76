namespace Inspection.Hostile.Tests;

/// <summary>What the tests counted, for `./dev test` to print: one block of rows a test class.</summary>
internal static class Summary
{
    private static readonly SortedDictionary<string, IReadOnlyList<string>> Blocks = new(StringComparer.Ordinal);

    /// <param name="block">Its heading; blocks stand in the order of theirs.</param>
    /// <param name="rows">In place of what the block held.</param>
    public static void Write(string block, IReadOnlyList<string> rows)
    {
        lock (Blocks)
        {
            Blocks[block] = rows;
            var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "test", "Hostile")).FullName;
            File.WriteAllLines(Path.Combine(folder, "summary.txt"), Blocks.SelectMany(b => b.Value.Prepend(b.Key)));
        }
    }
}
