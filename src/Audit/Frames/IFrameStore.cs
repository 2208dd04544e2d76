using Inspection.Protocol;

namespace Inspection.Audit.Frames;

public enum FrameState
{
    /// <summary>It is there, and is the one that was recorded.</summary>
    Kept = 1,

    Missing = 2,

    /// <summary>A file has its name, and it is not that frame.</summary>
    Damaged = 3,
}

/// <summary>Where frames are kept, for a verifier that knows no pictures.</summary>
public interface IFrameStore
{
    /// <param name="frame">As a record names it.</param>
    /// <param name="what">What is wrong with it, in words, where it is damaged; else empty.</param>
    FrameState Look(Digest frame, out string what);
}

/// <summary>How the frames of a line are.</summary>
/// <param name="Named">By records.</param>
/// <param name="Erased">Of them, by authority: recorded, with who and why.</param>
/// <param name="Looked">Of the others, those that were looked for in a store.</param>
public sealed record FrameTotals(long Named, long Erased, long Looked);
