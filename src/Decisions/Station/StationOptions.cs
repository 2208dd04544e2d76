namespace Inspection.Decisions.Station;

public sealed record StationOptions
{
    /// <summary>Rule V5: triggers that may be unconcluded at once; beyond it a paced source sheds and a pulled one waits.</summary>
    public int Window { get; init; } = 64;

    /// <summary>
    /// Promise P8: triggers that may be counted without a conclusion while nobody concludes (rule L3); beyond it the station lets its epoch go,
    /// and the epoch's end says that the tail is unknown. About 200 bytes each.
    /// </summary>
    public int MostCounted { get; init; } = 100_000;

    /// <summary>From stamp to decision (rule V2).</summary>
    public required TimeSpan DecisionDeadline { get; init; }

    /// <summary>First wait before an unanswered message is sent again; doubles up to <see cref="MaxResend"/>.</summary>
    public TimeSpan FirstResend { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxResend { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the lease is renewed: four times a lease, so that two may be lost.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromMilliseconds(500);
}
