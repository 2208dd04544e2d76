using FsCheck.Xunit;
using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Whatever happens to a line, its promises hold. <see cref="LedgerWorld"/> and <see cref="JournalAudit"/> check them after every step.</summary>
public sealed class HistoryTests
{
    [Property(MaxTest = 250, Arbitrary = [typeof(Histories)])]
    public void Whatever_happens_every_accepted_part_ends_in_one_terminal_record_and_nothing_stays_open(History history)
    {
        var world = Played(history);
        HealAll(world);
        Assert.Equal(0, world.Ledger.Committed.OpenCount);
        Assert.Equal(world.Audit.Accepted, world.Audit.Terminal.Count);
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Histories)])]
    public void Replaying_the_committed_events_gives_the_same_state_with_or_without_a_snapshot(History history)
    {
        var world = Played(history);
        var live = LedgerWorld.Bytes(world.Ledger.Committed);
        Assert.Equal(live, LedgerWorld.Bytes(world.Rebuild().Committed));
        for (var cut = 0; cut <= world.Journal.Count; cut += 1 + (world.Journal.Count / 7))
        {
            Assert.Equal(live, LedgerWorld.Bytes(world.Rebuild(cut).Committed));
        }
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Histories)])]
    public void A_snapshot_reads_back_as_it_was(History history)
    {
        var world = Played(history);
        var snapshot = new LedgerSnapshot(world.Journal.Count, Digest.Of([1]), world.Ledger.Committed);
        var back = LedgerSnapshot.FromBytes(snapshot.ToBytes());
        Assert.Equal(snapshot.ToBytes(), back.ToBytes());
        Assert.Equal((snapshot.Sequence, snapshot.Head), (back.Sequence, back.Head));
        Assert.Equal(snapshot.State.Recipe, back.State.Recipe);
        Assert.Equal(snapshot.State.Totals, back.State.Totals);
        Assert.Equal(snapshot.State.Models.OrderBy(m => m.Key.ToString()), back.State.Models.OrderBy(m => m.Key.ToString()));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Histories)])]
    public void What_is_projected_becomes_what_is_committed(History history)
    {
        var world = Played(history);
        _ = world.Settle();
        Assert.Equal(LedgerWorld.Bytes(world.Ledger.Projected), LedgerWorld.Bytes(world.Ledger.Committed));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Histories)])]
    public void Whatever_was_concluded_is_answered_again_with_the_same_record(History history)
    {
        var world = Played(history);
        _ = world.Settle();
        foreach (var (key, conclusion) in world.Audit.Terminal.ToArray())
        {
            if (world.Audit.Current(key.Station) is { Ended: false } current && current.Number == key.Epoch)
            {
                var answer = world.Send(new LineCommands.SubmitEvidence(key, Given.EvidenceOf(key, Given.Top)));
                Assert.Equal(conclusion, Assert.Single(answer.OfType<LineReplies.PartClosed>()).Conclusion);
            }
        }
    }

    private static LedgerWorld Played(History history)
    {
        var world = LedgerWorld.Ready();
        foreach (var deed in history.Deeds)
        {
            History.Play(world, deed);
        }

        return world;
    }

    /// <summary>Faults heal: writes end, deadlines come, and each station's holder stops cleanly.</summary>
    private static void HealAll(LedgerWorld world)
    {
        _ = world.Settle();
        _ = world.Pass(Given.Deadline + TimeSpan.FromHours(1));
        _ = world.Settle();
        foreach (var station in world.Ledger.Committed.Stations.Values.Where(s => !s.Ended))
        {
            _ = world.Send(new LineCommands.ReleaseStation(Given.Line, station.Station, station.Epoch, station.SeenUpTo));
        }

        Assert.All(world.Settle(), m => Assert.IsType<LineReplies.StationReleased>(m));
        Assert.All(world.Ledger.Committed.Stations.Values, s => Assert.Equal((true, EpochTail.Exact), (s.Ended, world.Audit.Current(s.Station)!.Tail)));
    }
}
