namespace Inspection.Vision.Preparing;

/// <summary>Limits of the sentinel (rule S7). Defaults are wide: they catch a camera that fails, not a picture that is unusual.</summary>
public sealed record SentinelOptions
{
    /// <summary>Pixels; null: any. A camera whose format was changed delivers frames the model has never seen.</summary>
    public int? ExpectedWidth { get; init; }

    public int? ExpectedHeight { get; init; }

    /// <summary>Grey level up to which a pixel is black: sensor noise over a closed lens stays below.</summary>
    public int BlackLevel { get; init; } = 8;

    /// <summary>At or above this share of black pixels the frame is black: lamp or shutter failed.</summary>
    public double BlackFraction { get; init; } = 0.995;

    /// <summary>Grey level from which a pixel is saturated.</summary>
    public int BlownLevel { get; init; } = 252;

    /// <summary>At or above this share of saturated pixels the frame is blown out: exposure or lamp failed.</summary>
    public double BlownFraction { get; init; } = 0.9;

    /// <summary>
    /// Below this sharpness the frame is blurred; 0 turns the check off. Sharpness is the mean squared difference of neighbours over that
    /// of pixels sixteen apart, along rows: 1 for noise, 1/16 for crisp edges, towards 1/256 for nothing but long slopes. Products differ
    /// (sharp electroluminescence pictures go down to 0.007, machined metal lies near 0.1), so the default finds only a picture without any
    /// detail; a line sets about half of what its sharp pictures have, which the reason of a refusal names.
    /// </summary>
    public double MinSharpness { get; init; } = 0.005;

    /// <summary>Mean squared difference sixteen apart below which there is too little structure to judge sharpness by.</summary>
    public double MinStructure { get; init; } = 16;

    /// <summary>At or above this share of last rows that are all one value the transfer was cut off.</summary>
    public double TruncatedFraction { get; init; } = 0.05;

    /// <summary>
    /// So many frames in a row that equal the one before are frozen; 0 turns the check off, as it must be for files, which may repeat.
    /// For a real camera 2 or 3: sensor noise makes two equal frames impossible.
    /// </summary>
    public int FrozenAfter { get; init; }

    /// <summary>Mean absolute difference in grey levels up to which two frames are equal.</summary>
    public double FrozenDifference { get; init; } = 0.02;

    public SentinelOptions Validate()
    {
        Require(ExpectedWidth is null or > 0, "expected_width", ExpectedWidth, "above 0, or nothing for any");
        Require(ExpectedHeight is null or > 0, "expected_height", ExpectedHeight, "above 0, or nothing for any");
        Require(BlackLevel is >= 0 and <= 254, "black_level", BlackLevel, "0 to 254");
        Require(BlownLevel is >= 1 and <= 255 && BlownLevel > BlackLevel, "blown_level", BlownLevel, "above black_level, up to 255");
        Require(BlackFraction is > 0 and <= 1, "black_fraction", BlackFraction, "above 0, up to 1");
        Require(BlownFraction is > 0 and <= 1, "blown_fraction", BlownFraction, "above 0, up to 1");
        Require(MinSharpness is >= 0 and < 1, "min_sharpness", MinSharpness, "0 (off) to below 1");
        Require(MinStructure >= 0, "min_structure", MinStructure, "0 or more");
        Require(TruncatedFraction is > 0 and <= 1, "truncated_fraction", TruncatedFraction, "above 0, up to 1");
        Require(FrozenAfter >= 0, "frozen_after", FrozenAfter, "0 (off) or more");
        Require(FrozenDifference >= 0, "frozen_difference", FrozenDifference, "0 or more");
        return this;
    }

    private static void Require(bool holds, string key, object? value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"sentinel.{key} is {value}; allowed: {allowed}");
        }
    }
}
