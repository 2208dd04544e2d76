namespace Inspection.Learning.Datasets;

public enum DatasetSplit
{
    Train = 1,
    Test = 2,
}

/// <summary>How the folder was laid out, and so whether its split is the owner's or ours.</summary>
public enum DatasetLayout
{
    /// <summary>train/good, train/CLASS, test/good, test/CLASS, ground_truth/CLASS/STEM_mask.png.</summary>
    Mvtec = 1,

    /// <summary>good/ and CLASS/ beside each other; the split is ours: a fixed fifth of the good groups and every defect are the test.</summary>
    Labelled = 2,

    /// <summary>Pictures of good parts only, all for training.</summary>
    Flat = 3,
}

/// <summary>One picture of a data set.</summary>
public sealed record DatasetItem
{
    public const string Good = "good";

    /// <summary>Relative to the data set's folder, with '/' on every system: the picture's name in reports, and the external part id.</summary>
    public required string Path { get; init; }

    public required string AbsolutePath { get; init; }

    public required DatasetSplit Split { get; init; }

    /// <summary>"good", or the defect class (the folder's name).</summary>
    public required string Label { get; init; }

    /// <summary>Absolute path of the pixel mask (defect where &gt; 127, the picture's own size); null where there is none.</summary>
    public string? MaskPath { get; init; }

    /// <summary>Pictures of one tile, part, module or shift share a group and stay on one side of every split. Where none is known, the picture's own path.</summary>
    public required string Group { get; init; }

    public bool IsGood => Label == Good;
}
