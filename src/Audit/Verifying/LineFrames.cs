using Inspection.Audit.Frames;
using Inspection.Protocol;

namespace Inspection.Audit.Verifying;

/// <summary>Rule J10: the frames that a line's records name and erase. An erased one is "erased, authorised", never "missing".</summary>
internal sealed class LineFrames(LineId line, Action<Finding> report)
{
    private readonly Dictionary<Digest, (long Sequence, TriggerKey Key, CameraId Camera)> _named = [];
    private readonly HashSet<Digest> _erased = [];

    public void Name(long sequence, ILineEvent e)
    {
        foreach (var (key, camera, frame) in NamedFrame.Of(e))
        {
            if (!_named.TryAdd(frame, (sequence, key, camera)))
            {
                report(new Finding(FindingKind.Frame, line.Value, sequence, $"it names frame {frame.Short} of part {key}, and record {_named[frame].Sequence} names the same: each frame has a salt of its own"));
            }
        }
    }

    public void Erase(long sequence, FrameErased e)
    {
        if (!_named.TryGetValue(e.Frame, out var named) || named.Key != e.Key || named.Camera != e.Camera)
        {
            report(new Finding(FindingKind.Frame, line.Value, sequence, $"frame {e.Frame.Short} of part {e.Key}, camera {e.Camera}, is erased, and no record before names it so"));
        }

        _ = _erased.Add(e.Frame);
    }

    /// <param name="store">Null: there is none to look in.</param>
    public FrameTotals Check(IFrameStore? store)
    {
        if (store is null)
        {
            return new FrameTotals(_named.Count, _erased.Count, 0);
        }

        foreach (var (frame, (sequence, key, camera)) in _named.OrderBy(n => n.Value.Sequence))
        {
            var what = (store.Look(frame, out var wrong), _erased.Contains(frame)) switch
            {
                (FrameState.Missing, false) => "is missing: it is not in the archive, and no record says that it was erased",
                (FrameState.Damaged, false) => $"is not the one that was recorded: {wrong}",
                (FrameState.Kept or FrameState.Damaged, true) => "was erased by authority, says a later record, and its file is still there",
                _ => null,
            };
            if (what is not null)
            {
                report(new Finding(FindingKind.Frame, line.Value, sequence, $"frame {frame.Short} of part {key}, camera {camera}, {what}"));
            }
        }

        return new FrameTotals(_named.Count, _erased.Count, _named.Count - _erased.Count);
    }
}
