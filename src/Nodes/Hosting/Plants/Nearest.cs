namespace Inspection.Nodes.Hosting.Plants;

/// <summary>The known word with the smallest edit distance to a mistyped one.</summary>
public static class Nearest
{
    public static string Of(string word, IEnumerable<string> known) => known.OrderBy(k => Distance(word, k)).ThenBy(k => k, StringComparer.Ordinal).FirstOrDefault("");

    // Levenshtein's distance, two rows
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
