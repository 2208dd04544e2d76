namespace Inspection.Learning.Datasets;

/// <summary>Whether every picture's group is known; and in words, for the footnotes of a report.</summary>
public sealed record GroupKnowledge(bool Known, string Detail);

/// <summary>
/// manifest.csv in the data set's folder or in its parent: columns path (relative to the manifest's folder) and group; others are ignored.
/// </summary>
internal sealed class GroupManifest
{
    private const string FileName = "manifest.csv";
    private readonly string? _file;
    private readonly Dictionary<string, string> _groups;

    private GroupManifest(string? file, Dictionary<string, string> groups)
    {
        _file = file;
        _groups = groups;
    }

    public static GroupManifest Find(string root)
    {
        foreach (var folder in new[] { root, Path.GetDirectoryName(root) })
        {
            if (folder is not null && Path.Combine(folder, FileName) is var file && File.Exists(file))
            {
                return Read(file, folder);
            }
        }

        return new GroupManifest(null, []);
    }

    /// <summary>The items with the groups the manifest names; where it names none, the picture stays its own group.</summary>
    public List<DatasetItem> Assign(IEnumerable<DatasetItem> items) =>
        [.. items.Select(i => _groups.TryGetValue(i.AbsolutePath, out var group) ? i with { Group = group } : i)];

    public GroupKnowledge Knowledge(IReadOnlyCollection<DatasetItem> items)
    {
        if (_file is null)
        {
            return new GroupKnowledge(false, $"groups unknown: no {FileName} beside the pictures or one folder up; each picture counts as its own group");
        }

        var without = items.Count(i => !_groups.ContainsKey(i.AbsolutePath));
        return without == 0
            ? new GroupKnowledge(true, $"groups known from {FileName}: {items.Select(i => i.Group).Distinct().Count()} groups of {items.Count} pictures")
            : new GroupKnowledge(false, $"groups unknown for {without} of {items.Count} pictures in {FileName}; each of those counts as its own group");
    }

    private static GroupManifest Read(string file, string folder)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = File.ReadLines(file).GetEnumerator();
        if (!lines.MoveNext())
        {
            throw new DatasetException($"'{file}' is empty: give it a header with the columns path and group, or delete it");
        }

        var header = CsvLine.Split(lines.Current.TrimStart('\uFEFF'));
        var path = header.IndexOf("path");
        var group = header.IndexOf("group");
        if (path < 0)
        {
            throw new DatasetException($"'{file}' has no column 'path' (its header reads '{lines.Current}'): add it, or delete the file");
        }

        for (var number = 2; lines.MoveNext(); number++)
        {
            if (lines.Current.Length == 0)
            {
                continue;
            }

            var fields = CsvLine.Split(lines.Current);
            if (fields.Count != header.Count)
            {
                throw new DatasetException($"'{file}', line {number}: {fields.Count} fields, but the header has {header.Count}: '{lines.Current}'");
            }

            if (group >= 0 && fields[group].Length > 0)
            {
                groups[Path.GetFullPath(Path.Combine(folder, fields[path]))] = fields[group];
            }
        }

        return new GroupManifest(file, groups);
    }
}
