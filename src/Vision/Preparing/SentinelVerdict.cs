namespace Inspection.Vision.Preparing;

public enum SentinelFinding
{
    None = 0,
    WrongSize = 1,
    Black = 2,
    Blown = 3,
    Truncated = 4,
    Frozen = 5,
    Blurred = 6,
}

/// <summary>Whether a frame can be judged at all; Detail says why not, in words for the record, else it is empty.</summary>
public readonly record struct SentinelVerdict(SentinelFinding Finding, string Detail)
{
    public static SentinelVerdict Good => new(SentinelFinding.None, "");

    public bool IsInspectable => Finding == SentinelFinding.None;
}
