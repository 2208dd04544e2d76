namespace Inspection.Learning.Datasets;

/// <summary>
/// A folder of labelled pictures. Items are in ordinal order of their paths, so that everything drawn from them with a seed is the
/// same on every machine.
/// </summary>
public sealed class ImageDataset
{
    private ImageDataset(string root, DatasetLayout layout, IReadOnlyList<DatasetItem> items, GroupKnowledge groups)
    {
        Root = root;
        Layout = layout;
        Items = items;
        Groups = groups;
    }

    /// <summary>The folder's absolute path.</summary>
    public string Root { get; }

    /// <summary>The folder's own name, for reports.</summary>
    public string Name => System.IO.Path.GetFileName(Root.TrimEnd('/', System.IO.Path.DirectorySeparatorChar));

    public DatasetLayout Layout { get; }

    public IReadOnlyList<DatasetItem> Items { get; }

    /// <summary>Whether groups are known, and from where.</summary>
    public GroupKnowledge Groups { get; }

    public IReadOnlyList<DatasetItem> TrainGood => [.. Items.Where(i => i.Split == DatasetSplit.Train && i.IsGood)];

    public IReadOnlyList<DatasetItem> TrainDefects => [.. Items.Where(i => i.Split == DatasetSplit.Train && !i.IsGood)];

    public IReadOnlyList<DatasetItem> Test => [.. Items.Where(i => i.Split == DatasetSplit.Test)];

    /// <summary>The defect classes seen on either side, in ordinal order.</summary>
    public IReadOnlyList<string> DefectClasses =>
        [.. Items.Where(i => !i.IsGood).Select(i => i.Label).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// Reads the folder's layout and groups. Pictures are not opened: one that cannot be decoded is found, and counted, by whoever reads it.
    /// </summary>
    /// <param name="directory">A folder laid out as <see cref="DatasetLayout"/> says.</param>
    /// <exception cref="DatasetException">The folder is missing, holds no pictures, or holds no good ones; or its manifest is broken.</exception>
    public static ImageDataset Open(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        var root = System.IO.Path.GetFullPath(directory);
        if (!Directory.Exists(root))
        {
            throw new DatasetException(File.Exists(root)
                ? $"'{root}' is a file; a data set is a folder of pictures: name the folder that holds it"
                : $"the folder '{root}' does not exist: check the path of the data set");
        }

        var (layout, found) = DatasetScan.Run(root);
        if (!found.Any(i => i.IsGood))
        {
            throw new DatasetException(
                $"'{root}' holds no picture of a good part, and a model is learned from good ones: put them into "
                + $"'{(layout == DatasetLayout.Mvtec ? "train/good" : "good")}'. {DatasetScan.Describe(root)}");
        }

        var groups = GroupManifest.Find(root);
        var grouped = groups.Assign(found);
        var items = layout == DatasetLayout.Labelled ? LabelledSplit.Apply(grouped) : grouped;
        return new ImageDataset(root, layout, [.. items.OrderBy(i => i.Path, StringComparer.Ordinal)], groups.Knowledge(grouped));
    }

    /// <summary>The good pictures to learn from; an error where there are none (a folder that is only a test).</summary>
    /// <exception cref="DatasetException">No good picture on the training side.</exception>
    public IReadOnlyList<DatasetItem> RequireTrainGood() => TrainGood is { Count: > 0 } good
        ? good
        : throw new DatasetException($"'{Root}' has no pictures in train/good, and fitting learns from those alone. {DatasetScan.Describe(Root)}");

    /// <summary>The test pictures; an error where there are none (a folder of good pictures only).</summary>
    /// <exception cref="DatasetException">No picture on the test side.</exception>
    public IReadOnlyList<DatasetItem> RequireTest() => Test is { Count: > 0 } test
        ? test
        : throw new DatasetException(
            $"'{Root}' has no test pictures: evaluation needs test/good and test/CLASS (or good/ and CLASS/ beside each other). {DatasetScan.Describe(Root)}");
}
