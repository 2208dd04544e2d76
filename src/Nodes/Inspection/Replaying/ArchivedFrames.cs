using Inspection.Audit.Frames;
using Inspection.Protocol;
using Inspection.Vision.Archive;

namespace Inspection.Replaying;

/// <summary>The frame archive as the verifier looks at it: every pixel of every frame that a record names.</summary>
internal sealed class ArchivedFrames(FrameArchive archive) : IFrameStore
{
    public FrameState Look(Digest frame, out string what)
    {
        what = "";
        try
        {
            return archive.TryRead(frame) is null ? FrameState.Missing : FrameState.Kept;
        }
        catch (FrameArchiveException e)
        {
            what = e.Message;
            return FrameState.Damaged;
        }
    }
}
