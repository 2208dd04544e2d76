namespace Inspection.Vision.Archive;

/// <summary>A frame cannot be kept or read: what and why, without the place.</summary>
public sealed class FrameArchiveException : Exception
{
    public FrameArchiveException(string message)
        : base(message)
    {
    }

    public FrameArchiveException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
