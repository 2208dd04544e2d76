using Inspection.Vision.Frames;

namespace Inspection.Vision.Cameras;

public enum CaptureStatus
{
    Captured = 1,

    /// <summary>The image exists and cannot be decoded, or is larger than a slot.</summary>
    Unreadable = 2,

    /// <summary>There is no image for this part.</summary>
    Lost = 3,
}

/// <summary>How a capture ended; Detail says why where nothing was captured (what, where, why), else it is empty.</summary>
public readonly record struct CaptureResult(CaptureStatus Status, string Detail)
{
    public static CaptureResult Captured => new(CaptureStatus.Captured, "");

    public static CaptureResult Unreadable(string detail) => new(CaptureStatus.Unreadable, detail);

    public static CaptureResult Lost(string detail) => new(CaptureStatus.Lost, detail);
}

/// <summary>
/// A camera that exposes on a trigger. One thread at a time. <see cref="Capture"/> writes the decoded frame into the slot's pixel
/// room (and calls SetShape); bad input is a value, never an exception.
/// </summary>
public interface ICamera : IDisposable
{
    /// <summary>For people: what this camera reads, for instance "folder /data/tile/test".</summary>
    string Description { get; }

    CaptureResult Capture(string externalId, FrameSlot slot);
}

/// <summary>
/// The parts a file or synthetic source offers, in a fixed order, resumable after any of them (rules S3, J7). One thread at a time.
/// </summary>
public interface IPartSource
{
    /// <summary>The part after <paramref name="externalId"/> ("" for the first), or null at the end.</summary>
    string? NextAfter(string externalId);

    /// <summary>How many parts come after it; null for an endless source.</summary>
    long? CountAfter(string externalId);
}
