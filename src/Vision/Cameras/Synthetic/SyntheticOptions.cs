using Inspection.Protocol;

namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>What a camera of the synthetic line looks at.</summary>
public enum PartDesign
{
    /// <summary>A milled plate, brushed, with a counterbore, four countersunk holes, a slot and graduation marks.</summary>
    Plate = 1,

    /// <summary>A turned flange with a keyed bore and six holes.</summary>
    Disc = 2,
}

public enum DefectKind
{
    Scratch = 1,
    Pit = 2,
    Stain = 3,
    Chip = 4,
    Crack = 5,
}

public sealed record SyntheticOptions
{
    public int Width { get; init; } = 320;

    public int Height { get; init; } = 320;

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Which share of the parts is bad. Far above a real line's, so that a short demonstration shows some.</summary>
    public double DefectRate { get; init; } = 0.1;

    /// <summary>Which share of the defects has a quarter to a half of the usual contrast: those a coarse model may miss.</summary>
    public double SubtleShare { get; init; } = 0.15;

    public long Seed { get; init; } = 1;

    public int Cameras { get; init; } = 1;

    /// <summary>What camera i looks at: item i modulo the count.</summary>
    public EquatableList<PartDesign> Designs { get; init; } = [PartDesign.Plate];

    /// <summary>How many parts come; null without end.</summary>
    public long? Count { get; init; }

    public SyntheticOptions Validate()
    {
        Require(Width is >= 64 and <= 4096, "width", Width, "64 to 4096 pixels");
        Require(Height is >= 64 and <= 4096, "height", Height, "64 to 4096 pixels");
        Require(Channels is 1 or 3, "channels", Channels, "1 (grey) or 3 (RGB)");
        Require(DefectRate is >= 0 and <= 1, "defect_rate", DefectRate, "0 to 1");
        Require(SubtleShare is >= 0 and <= 1, "subtle_share", SubtleShare, "0 to 1");
        Require(Cameras is >= 1 and <= 64, "cameras", Cameras, "1 to 64");
        Require(Designs.Count > 0 && Designs.All(Enum.IsDefined), "designs", Designs, "at least one of plate, disc");
        Require(Count is null or (>= 0 and <= SyntheticLine.MaxIndex), "count", Count ?? 0, $"0 to {SyntheticLine.MaxIndex}, or nothing for an endless line");
        return this;
    }

    private static void Require(bool holds, string key, object value, string allowed)
    {
        if (!holds)
        {
            throw new CameraSetupException($"synthetic line: {key} is {value}; allowed: {allowed}");
        }
    }
}
