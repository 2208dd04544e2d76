namespace Inspection.Mutants.Tests.ByHand;

/// <summary>The line supervisor's mind: what is answered when, whose epoch it is, what becomes of an open part.</summary>
internal static class LedgerBugs
{
    private const string Step = "Ledger/PartLedger.cs";
    private const string Writing = "Ledger/Turn.cs";
    private const string Parts = "Ledger/Turn.Parts.cs";
    private const string Stations = "Ledger/Turn.Stations.cs";

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new(
            "answers leave before the commit",
            Writing,
            """
            new PendingEvent(e, [.. afterCommit])),
                    };
            """,
            """
            new PendingEvent(e, Leave(afterCommit))),
                    };

                    private System.Collections.Immutable.ImmutableArray<LedgerEffect> Leave(ReadOnlySpan<LedgerEffect> effects)
                    {
                        _effects.AddRange(effects);
                        return [];
                    }
            """,
            "P3, V2"),
        new("a second write while one is under way", Writing, "if (!Ledger._inFlight.IsEmpty || Ledger._pending.IsEmpty", "if (Ledger._pending.IsEmpty", "V4"),
        new("a batch of any size", Writing, "_pending.Take(Options.MaxBatch)", "_pending.Take(int.MaxValue)", "V4"),
        new("no deadline after a recovery", Writing, "station.Epoch, counter), now.Monotonic + left, isTimed: false);", "station.Epoch, counter), TimeSpan.MaxValue, isTimed: false);", "P1, V6"),
        new("a conclusion is answered while it is being written", Parts, "if (Committed(key.Station, key.Epoch) is not { } station || !", "if (Current(key.Station, key.Epoch) is not { } station || !", "P3, V3"),
        new("triggers are acknowledged before the commit", Parts, "Committed(x.Station, x.Epoch)?.SeenUpTo ?? 0", "station.SeenUpTo", "J2"),
        new("triggers announced again are accepted again", Parts, "var skip = (int)(station.SeenUpTo + 1 - x.From);", "var skip = 0;", "P2, J2"),
        new("of joined announcements only the last is kept", Parts, "earlier.ExternalIds.Concat(ids).ToEquatableList()", "ids", "P1"),
        new("late evidence is recorded for every copy", "Ledger/LedgerState.cs", "closed.MissingViews.Remove(e.Camera)", "closed.MissingViews", "P2"),
        new("the deadline is on the wall clock", Parts, "OpenUntil(key, now.Monotonic + x.TimeLeft[i], isTimed);", "OpenUntil(key, now.Utc - DateTime.UnixEpoch + x.TimeLeft[i], isTimed);", "V2"),
        new("evidence counts until somebody looks at the clock", Step, """
                            turn.OnTick();
                            if (!turn.Ledger._stopped)
            """, "                if (!turn.Ledger._stopped)", "P4"),
        new("a write that failed counts as committed", Step, "turn.Stop(failed.Why);", "turn.OnCommitted();", "P3, V4"),
        new("the epoch is not checked", Stations, "is { Ended: false } s && s.Epoch == epoch ? s : null", "is { Ended: false } s ? s : null", "L1"),
        new("another node gets a station that is leased", Stations, "waited < Options.GrantToOtherAfter", "waited < TimeSpan.Zero", "L2"),
        new("after a restart nobody is waited for", Stations, "GetValueOrDefault(x.Station, Ledger._recoveredAt)", "GetValueOrDefault(x.Station)", "L2"),
        new("a renewal does not renew", Stations, """
                            Heard(x.Station);
                            Reply(from, new LineReplies.StationRenewed(
            """, "                Reply(from, new LineReplies.StationRenewed(", "L2"),
        new("an ended epoch forgets its oldest open part", Stations, "CounterRanges.Of(station.Open.Keys)", "CounterRanges.Of(station.Open.Keys.Skip(1))", "P1, J7"),
        new("a tail nobody knows is called exact", Stations, "EndEpoch(current, EpochTail.Unknown,", "EndEpoch(current, EpochTail.Exact,", "J2"),
        new("an epoch is called over before it is", Stations, "if (Committed(station, epoch) is not { Ended: false })", "if (Current(station, epoch) is null)", "L1, V3"),
        new("gate acts are recorded twice", Stations, "if (x.From == next)", "if (x.From <= next)", "J4"),
    ];
}
