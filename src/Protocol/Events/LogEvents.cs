namespace Inspection.Protocol;

/// <summary>An event of the plant's log, which is a chain of its own; in a line's it is out of place.</summary>
public interface ILogEvent : ILineEvent;

/// <summary>
/// Records of one line that are a leaf of the plant's log (rule J8): <paramref name="Head"/> is the hash of record <paramref name="To"/>, and
/// so of every record up to it.
/// </summary>
public sealed record LogExtent(LineId Line, long From, long To, Digest Head);

/// <summary>Rule J8: the log has these leaves more, in this order. The first has the index <paramref name="FirstLeaf"/>, from 0.</summary>
public sealed record LogExtended(long UtcTicks, long FirstLeaf, EquatableList<LogExtent> Extents) : ILogEvent;

/// <summary>
/// Rule J8: a checkpoint of the log, as it was signed. <paramref name="Note"/> is a C2SP signed note with the log's signature, and the
/// witnesses' where they answered.
/// </summary>
public sealed record LogSigned(long UtcTicks, long Size, string Note) : ILogEvent;

/// <summary>From here on checkpoints are signed by this key: a C2SP verifier key. The first, and each after a rotation.</summary>
public sealed record LogKeyChanged(long UtcTicks, string VerifierKey) : ILogEvent;

/// <summary>The plant's log has a chain of its own among those of the lines (<see cref="PersistenceIds.Log"/>).</summary>
public static class LogChain
{
    /// <summary>What its records call their line; no line of a plant may have this name.</summary>
    public static LineId Id { get; } = new("log");
}
