using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

/// <summary>What can happen to a ledger. Times are monotonic since an arbitrary start, given by the shell.</summary>
public abstract record LedgerInput
{
    /// <summary>A message arrived. <paramref name="From"/> is the shell's own handle of the sender, handed back untouched.</summary>
    public sealed record Received(ILineMessage Message, object? From) : LedgerInput;

    /// <summary>The whole batch that was asked to be written is committed.</summary>
    public sealed record Committed : LedgerInput;

    /// <summary>Rule V4: the write was rejected or failed. Whether the journal has it is not known.</summary>
    public sealed record WriteFailed(string Why) : LedgerInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : LedgerInput;

    /// <summary>All stored events were applied; the ledger is live from here on.</summary>
    public sealed record Recovered : LedgerInput;
}

/// <summary>What the shell must do, in order.</summary>
public abstract record LedgerEffect
{
    /// <summary>Rule V4: write these as one batch; answer with <see cref="LedgerInput.Committed"/>. Never two at once.</summary>
    public sealed record Persist(IReadOnlyList<ILineEvent> Events) : LedgerEffect;

    public sealed record Reply(object? To, ILineMessage Message) : LedgerEffect;

    /// <summary>To the current holder of the station: its sessions and its gate.</summary>
    /// <param name="Station">Whose holder.</param>
    /// <param name="Message">What.</param>
    /// <param name="To">The shell's handle of who last spoke as its holder; null: nobody has since this ledger lives.</param>
    public sealed record TellStation(StationId Station, ILineMessage Message, object? To = null) : LedgerEffect;

    /// <summary>Rule V6: the state at this sequence, exactly what the journal holds, is worth keeping.</summary>
    public sealed record Snapshot(long Sequence, LedgerState State) : LedgerEffect;

    /// <summary>
    /// Rule V4: this incarnation ends, and the shell starts another from the journal: what it was writing may be there or not. It answers
    /// nothing any more.
    /// </summary>
    public sealed record Stop(string Why) : LedgerEffect;
}

public readonly record struct Moment(TimeSpan Monotonic, DateTime Utc);
