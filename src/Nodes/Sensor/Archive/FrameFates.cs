using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor.Archive;

/// <summary>A station's frames that wait for their parts' conclusions. What is not known to be dispensable is kept. One thread.</summary>
internal sealed class FrameFates(FrameArchivist? archivist)
{
    private readonly Dictionary<TriggerKey, List<ViewEvidence>> _waiting = [];

    /// <param name="evidence">Of a view; it may have no frame.</param>
    /// <param name="isOpen">False: its part is concluded, as a fallback for want of this view.</param>
    public void Copied(LineCommands.SubmitEvidence evidence, bool isOpen)
    {
        if (archivist is null || evidence.Evidence.FrameDigest.IsNone)
        {
            return;
        }

        if (!isOpen)
        {
            archivist.Keep(evidence.Evidence.FrameDigest);
            return;
        }

        if (!_waiting.TryGetValue(evidence.Key, out var views))
        {
            _waiting.Add(evidence.Key, views = new List<ViewEvidence>(1));
        }

        views.Add(evidence.Evidence);
    }

    public void Concluded(TriggerKey key, Conclusion conclusion)
    {
        if (archivist is null || !_waiting.Remove(key, out var views))
        {
            return;
        }

        foreach (var view in views)
        {
            if (FrameRetention.Keeps(conclusion, view.FrameSampled))
            {
                archivist.Keep(view.FrameDigest);
            }
            else
            {
                archivist.Drop(view.FrameDigest);
            }
        }
    }

    /// <summary>Nobody will tell this station what became of its open parts.</summary>
    public void Unknown()
    {
        foreach (var view in _waiting.Values.SelectMany(v => v))
        {
            archivist!.Keep(view.FrameDigest);
        }

        _waiting.Clear();
    }
}
