using System.Buffers.Binary;
using Inspection.Protocol;

namespace Inspection.Decisions.Policy;

/// <summary>
/// Rule J10: which frames the archive keeps: all of a part that is not OK, a sample of those that are. Station and supervisor both ask
/// here, so that what a record names is what the archive keeps. Pure.
/// </summary>
public static class FrameRetention
{
    /// <param name="conclusion">The part's.</param>
    /// <param name="sampled">Of the view.</param>
    public static bool Keeps(Conclusion conclusion, bool sampled) => sampled || !conclusion.IsOk;

    /// <summary>Drawn by the frame's own salted digest: nobody can steer it, and it costs no state.</summary>
    /// <param name="frame">The frame's digest.</param>
    /// <param name="share">0 to 1.</param>
    public static bool IsSampled(Digest frame, double share)
    {
        Span<byte> bytes = stackalloc byte[Digest.Length];
        frame.CopyTo(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes) < share * (1L << 32);
    }

    /// <summary>The views as their part's record holds them: a frame that is not kept is not named.</summary>
    public static EquatableList<ViewEvidence> Recorded(EquatableList<ViewEvidence> views, Conclusion conclusion)
    {
        foreach (var view in views.AsSpan())
        {
            if (view.FrameDigest != Digest.None && !Keeps(conclusion, view.FrameSampled))
            {
                return views.Select(v => Keeps(conclusion, v.FrameSampled) ? v : v with { FrameDigest = Digest.None }).ToEquatableList();
            }
        }

        return views;
    }
}
