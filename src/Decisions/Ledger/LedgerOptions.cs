namespace Inspection.Decisions.Ledger;

/// <summary>The ledger's own times and sizes; each with its rule.</summary>
public sealed record LedgerOptions
{
    /// <summary>Rule V4: the largest batch of one write.</summary>
    public int MaxBatch { get; init; } = 256;

    /// <summary>Least time between the starts of two writes: a batch costs the same for one event as for ten. Zero: as soon as the last is committed.</summary>
    public TimeSpan WriteEvery { get; init; }

    /// <summary>Rule V4: a write without a reply for so long ends this incarnation.</summary>
    public TimeSpan WriteOverdue { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Rule V6: records between two snapshots.</summary>
    public int SnapshotEvery { get; init; } = 1_000;

    /// <summary>Rule L2: how long a holder may act after sending an acknowledged renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Rule L2: how long another node waits after the last receipt from the holder; longer than the lease.</summary>
    public TimeSpan GrantToOtherAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Where a station asks before the line's recipe is active, or another holder's lease runs.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Identifies this incarnation of the writer in every PartConcluded.</summary>
    public string WriterEpoch { get; init; } = "";
}
