namespace Inspection.Learning.Datasets;

/// <summary>Finds the pictures of a folder and reads label, split and mask from where they lie.</summary>
internal static class DatasetScan
{
    /// <summary>Deeper folders are somebody's archive, or a link that leads back.</summary>
    private const int MaxDepth = 4;

    private const string GroundTruth = "ground_truth";

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff" };

    public static (DatasetLayout Layout, List<DatasetItem> Items) Run(string root)
    {
        DatasetLayout layout;
        List<DatasetItem> items = [];
        if (Directory.Exists(Path.Combine(root, "train")) || Directory.Exists(Path.Combine(root, "test")))
        {
            layout = DatasetLayout.Mvtec;
            items.AddRange(Classes(root, Path.Combine(root, "train"), DatasetSplit.Train));
            items.AddRange(Classes(root, Path.Combine(root, "test"), DatasetSplit.Test));
        }
        else if (Directory.Exists(Path.Combine(root, DatasetItem.Good)))
        {
            layout = DatasetLayout.Labelled;
            items.AddRange(Classes(root, root, DatasetSplit.Test));
        }
        else
        {
            layout = DatasetLayout.Flat;
            items.AddRange(Pictures(root, depth: 0).Select(path => Item(root, path, DatasetSplit.Train, DatasetItem.Good)));
        }

        return items.Count > 0
            ? (layout, items)
            : throw new DatasetException(
                $"'{root}' holds no pictures where a data set keeps them: expected train/good (and test/good, test/CLASS), or good/ and CLASS/, "
                + $"or good pictures in the folder itself, as {string.Join(" ", Extensions)}. {Describe(root)}");
    }

    /// <summary>What is in the folder, for an error message: "Seen: 3 folders (train, test, doc), 0 pictures, 2 other files (.txt)."</summary>
    public static string Describe(string root)
    {
        var folders = Directory.EnumerateDirectories(root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal).ToArray();
        var files = Directory.EnumerateFiles(root).ToArray();
        var pictures = files.Count(IsPicture);
        var others = files.Where(f => !IsPicture(f)).Select(f => Path.GetExtension(f) is { Length: > 0 } e ? e : Path.GetFileName(f)).Distinct().Order(StringComparer.Ordinal).ToArray();
        var named = string.Join(", ", folders.Take(8).Select(f => $"{f}/ with {CountPictures(Path.Combine(root, f))} pictures"));
        return $"Seen: {(folders.Length == 0 ? "no folders" : named)}{(folders.Length > 8 ? $" and {folders.Length - 8} more folders" : "")}; "
            + $"{pictures} pictures and {files.Length - pictures} other files{(others.Length == 0 ? "" : $" ({string.Join(" ", others.Take(6))})")} beside them.";
    }

    public static bool IsPicture(string path) => Extensions.Contains(Path.GetExtension(path)) && !Path.GetFileName(path).StartsWith('.');

    private static IEnumerable<DatasetItem> Classes(string root, string side, DatasetSplit split)
    {
        if (!Directory.Exists(side))
        {
            return [];
        }

        return from folder in Directory.EnumerateDirectories(side)
               let label = Path.GetFileName(folder)
               where !label.StartsWith('.') && label != GroundTruth
               from path in Pictures(folder, MaxDepth)
               select Item(root, path, split, label) with { MaskPath = label == DatasetItem.Good ? null : Mask(root, folder, label, path) };
    }

    private static DatasetItem Item(string root, string path, DatasetSplit split, string label)
    {
        var relative = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
        return new DatasetItem { Path = relative, AbsolutePath = path, Split = split, Label = label, Group = relative };
    }

    private static string? Mask(string root, string folder, string label, string picture)
    {
        var inside = Path.GetDirectoryName(Path.GetRelativePath(folder, picture)) ?? "";
        var masks = Path.Combine(root, GroundTruth, label, inside);
        var stem = Path.GetFileNameWithoutExtension(picture);
        return new[] { $"{stem}_mask", stem }
            .SelectMany(name => Extensions.Select(extension => Path.Combine(masks, name + extension)))
            .FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Pictures(string folder, int depth) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = depth > 0, MaxRecursionDepth = depth, AttributesToSkip = FileAttributes.Hidden })
        .Where(IsPicture);

    private static int CountPictures(string folder) => Pictures(folder, MaxDepth).Count();
}
