using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

/// <summary>What can happen to a ledger. Times are monotonic since an arbitrary start, given by the shell.</summary>
public abstract record LedgerInput
{
    /// <summary>A message arrived. <paramref name="From"/> is the shell's own handle of the sender, handed back untouched.</summary>
    public sealed record Received(ILineMessage Message, object? From) : LedgerInput;

    /// <summary>The whole batch that was asked to be written is committed.</summary>
    public sealed record Committed : LedgerInput;

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
    public sealed record TellStation(StationId Station, ILineMessage Message) : LedgerEffect;
}

public readonly record struct Moment(TimeSpan Monotonic, DateTime Utc);
