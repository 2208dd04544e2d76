namespace Inspection.Protocol;

/// <summary>What a line's journal keeps (design section 5). Additive only: no field is ever removed or given another meaning.</summary>
public interface ILineEvent
{
    /// <summary>When the supervisor decided it, UTC, DateTime.Ticks.</summary>
    long UtcTicks { get; }
}

/// <summary>Rule L1: a station was leased to a node under a new epoch.</summary>
public sealed record EpochGranted(long UtcTicks, StationId Station, long Epoch, NodeId Holder, string Incarnation) : ILineEvent;

/// <summary>Rule J2: every trigger up to and with <paramref name="UpTo"/> is accepted. The ids are those of (UpTo - ids, UpTo], oldest first.</summary>
public sealed record TriggersSeen(long UtcTicks, StationId Station, long Epoch, long UpTo, EquatableList<string> ExternalIds) : ILineEvent;

public enum EpochTail
{
    /// <summary>Nothing was triggered after the last counter.</summary>
    Exact = 1,

    /// <summary>Triggers nobody could announce may have followed; those parts were diverted.</summary>
    Unknown = 2,
}

/// <summary>Rule J2: no key of this epoch is accepted any more. <paramref name="Source"/> says how the tail is known.</summary>
public sealed record EpochEnded(long UtcTicks, StationId Station, long Epoch, long Last, EpochTail Tail, string Source) : ILineEvent;

public sealed record RecipeActivated(long UtcTicks, Recipe Recipe, string By, string Why) : ILineEvent;

/// <summary>
/// A model may decide on this line from here on. <paramref name="Manifest"/> is the package's package.json, byte for byte, so that the
/// journal alone tells what the thresholds were. <paramref name="Approval"/> is <see cref="SelfApproved"/> in embedded mode.
/// </summary>
public sealed record ModelActivated(long UtcTicks, ModelPolicy Policy, string PackageName, string Manifest, string SignatureId, string Approval, string By, string Why) : ILineEvent
{
    /// <summary>What the record says for ever: nobody has approved them but who wrote the plant file.</summary>
    public const string SelfApproved = "self-approved";
}

/// <summary>The one terminal record of a part that was concluded on evidence or at its deadline (rule J5).</summary>
public sealed record PartConcluded : ILineEvent
{
    public required long UtcTicks { get; init; }

    public required TriggerKey Key { get; init; }

    /// <summary>The integrator's name for the part; for a file source the image's relative path.</summary>
    public required string ExternalId { get; init; }

    public required string RecipeName { get; init; }

    /// <summary>One per view that answered, in the recipe's order of cameras.</summary>
    public required EquatableList<ViewEvidence> Views { get; init; }

    public required Conclusion Conclusion { get; init; }

    /// <summary>Why, in words and with the limiting camera: for people; replay derives the conclusion from the scores.</summary>
    public required string Reason { get; init; }

    public required Disposition Disposition { get; init; }

    /// <summary>Empty unless NG by a verifier that names a class.</summary>
    public string DefectClass { get; init; } = "";

    /// <summary>How far, relative to the threshold, the nearest score was from changing the verdict; NaN where no score decided.</summary>
    public float NearMissMargin { get; init; } = float.NaN;

    public required TimeSpan Deadline { get; init; }

    /// <summary>Monotonic, from the trigger's announcement at the supervisor, with the time it had already spent, to the conclusion.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The supervisor incarnation that wrote it.</summary>
    public required string WriterEpoch { get; init; }
}

/// <summary>Rule J3: terminal for each key of the range that is not concluded otherwise.</summary>
public sealed record PartsFellBack(long UtcTicks, StationId Station, long Epoch, long From, long To, FallbackReason Reason, string Detail) : ILineEvent;

/// <summary>
/// Rules G5, J4: what the gate did with the parts from counter <paramref name="From"/> on; <paramref name="Count"/> bits, least significant
/// bit of the first byte first; 1 is passed, 0 diverted.
/// </summary>
public sealed record GateActed(long UtcTicks, StationId Station, long Epoch, long From, int Count, EquatableList<byte> Passed) : ILineEvent
{
    public bool IsPassed(int index) => (Passed[index >> 3] & (1 << (index & 7))) != 0;
}

/// <summary>A person's correction. The first record stays.</summary>
public sealed record PartReviewed(long UtcTicks, TriggerKey Key, Conclusion Before, Verdict After, string By, string Why) : ILineEvent;

/// <summary>Evidence that came after its part was concluded; for information.</summary>
/// <param name="FrameDigest">As in <see cref="ViewEvidence"/>.</param>
public sealed record LateEvidence(long UtcTicks, TriggerKey Key, CameraId Camera, ViewOutcome Outcome, float CoarseScore, Digest FrameDigest = default) : ILineEvent;

/// <summary>Rule J10: an archived frame is deleted by authority. Written before the deletion: erased and authorised, never missing.</summary>
public sealed record FrameErased(long UtcTicks, TriggerKey Key, CameraId Camera, Digest Frame, string By, string Why) : ILineEvent;

/// <summary>
/// The line's journal was restored from a backup, and what was written after the backup is lost. No epoch up to and with
/// <paramref name="EpochFloor"/> is granted any more, so that no key of the lost records is used again.
/// </summary>
/// <param name="BackupUtcTicks">When the backup was taken.</param>
/// <param name="Backup">SHA-256 that the backup's file ends with.</param>
/// <param name="By">User and machine that restored it.</param>
public sealed record JournalRestored(long UtcTicks, long EpochFloor, long BackupUtcTicks, Digest Backup, string By) : ILineEvent;

/// <summary>
/// The interlock of a station's gate stopped the line, or a person let it run again. Changes count from 1 and up by one a station: after an odd
/// one the line stands, after an even one it runs.
/// </summary>
/// <param name="UtcTicks">When.</param>
/// <param name="Station">Whose gate.</param>
/// <param name="Change">Which change of this station's interlock.</param>
/// <param name="By">Who let it run; empty where the gate stopped it.</param>
/// <param name="Why">In words.</param>
public sealed record InterlockChanged(long UtcTicks, StationId Station, long Change, string By, string Why) : ILineEvent
{
    /// <summary>Whether the line stands after that many changes.</summary>
    public static bool IsStopped(long changes) => (changes & 1) == 1;
}
