using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Decisions.Station;

/// <summary>What a <see cref="StationCore"/> sees and does: effects are performed in the order of the calls, and none calls back.</summary>
public interface IStationShell
{
    /// <summary>Whether every camera has a slot for one more frame. Only while the devices are open.</summary>
    bool HasSlots { get; }

    /// <summary>The part after this one, or null where the source is empty.</summary>
    string? NextAfter(string externalId);

    /// <summary>A name that no holder of a lease ever had.</summary>
    string NewIncarnation();

    /// <summary>Cameras and gate; again only after <see cref="CloseDevices"/>.</summary>
    void OpenDevices();

    void CloseDevices();

    /// <summary>To the line's supervisor.</summary>
    void Tell(ILineMessage message);

    void Tell(GateInput input);

    /// <summary>Rule S1: every camera exposes now, for this part.</summary>
    void Expose(TriggerKey key, string externalId, TimeSpan deadlineAt);

    /// <summary>The part's conclusion, for the copies of its frames that wait for it (rule J10).</summary>
    void Concluded(TriggerKey key, Conclusion conclusion);

    /// <summary>What becomes of the open parts' frames will not be known here.</summary>
    void ConclusionsLost();

    /// <summary>The station has ended well.</summary>
    void Finished(long triggers);

    /// <summary>For people and metrics.</summary>
    void Note(StationNote note);
}

/// <summary>What happened to a station, for people.</summary>
public abstract record StationNote
{
    public sealed record Began(long Epoch, string ResumesAfter) : StationNote;

    public sealed record StandsBy(string Reason) : StationNote;

    public sealed record LostEpoch(long Epoch, long Current, int Open) : StationNote;

    /// <summary>Promise P8: too many were counted without a conclusion.</summary>
    public sealed record LetGo(long Epoch, int Open) : StationNote;

    public sealed record Refused(string Command, string Reason) : StationNote;

    public sealed record GaveUp(FallbackReason Reason) : StationNote;
}
