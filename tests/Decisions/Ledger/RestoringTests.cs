using FsCheck.Xunit;
using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>A backup is any prefix of a journal. What a restore appends to it ends everything that the lost rest may have gone on with.</summary>
public sealed class RestoringTests
{
    private static readonly DateTime _restored = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    [Property(MaxTest = 150, Arbitrary = [typeof(Histories)])]
    public void Whatever_is_lost_after_a_backup_no_key_of_it_can_come_again(History history)
    {
        var world = LedgerWorld.Ready();
        foreach (var deed in history.Deeds)
        {
            History.Play(world, deed);
        }

        _ = world.Settle();
        var floor = Restoring.EpochFloor(_restored);
        Assert.True(world.Ledger.Committed.LastEpoch < floor);
        for (var cut = 0; cut <= world.Journal.Count; cut += 1 + (world.Journal.Count / 7))
        {
            var audit = new JournalAudit();
            var state = LedgerState.Empty(Given.Line);
            foreach (var e in world.Journal.Take(cut).Concat(Restoring.Events(Replayed(world, cut), Restored(floor))))
            {
                state = state.Apply(e);
                if (e is not JournalRestored)
                {
                    audit.Read(e);
                }
            }

            Assert.Equal((0, 0), (state.OpenCount, audit.Open));
            Assert.True(state.IsConserved);
            Assert.All(state.Stations.Values, s => Assert.True(s.Ended, $"epoch {s.Epoch} of {s.Station} goes on"));
            Assert.Equal(floor, state.LastEpoch);

            // rule L1: the old holder is stale, in whichever epoch it is; the next one's keys are new
            var ledger = PartLedger.Start(state, 0, new LedgerOptions());
            var epoch = world.Ledger.Committed.Stations.GetValueOrDefault(Given.Front)?.Epoch ?? 1;
            (_, var effects) = ledger.Step(new LedgerInput.Received(new LineCommands.RenewStation(Given.Line, Given.Front, epoch, Given.NodeA, "i0"), "holder"), new Moment(TimeSpan.Zero, _restored));
            Assert.IsType<LineReplies.StaleEpoch>(Assert.IsType<LedgerEffect.Reply>(Assert.Single(effects)).Message);
            if (state.Recipe is not null)
            {
                var (_, granting) = ledger.Step(new LedgerInput.Received(new LineCommands.AcquireStation(Given.Line, Given.Front, Given.NodeA, "i9"), "holder"), new Moment(TimeSpan.Zero, _restored));
                var granted = Assert.IsType<EpochGranted>(Assert.Single(Assert.IsType<LedgerEffect.Persist>(Assert.Single(granting)).Events));
                Assert.Equal(floor + 1, granted.Epoch);
            }
        }
    }

    [Fact]
    public void A_line_that_the_backup_does_not_hold_starts_above_the_floor_too()
    {
        var e = Assert.Single(Restoring.Events(LedgerState.Empty(Given.Line), Restored(77)));
        Assert.Equal(77, LedgerState.Empty(Given.Line).Apply(e).LastEpoch);
    }

    [Fact]
    public void A_second_restore_of_the_same_backup_has_a_higher_floor() =>
        Assert.True(Restoring.EpochFloor(_restored.AddMilliseconds(1)) - Restoring.EpochFloor(_restored) >= 1000);

    [Fact]
    public void A_journal_cannot_be_restored_under_a_current_epoch()
    {
        var world = LedgerWorld.Ready();
        _ = world.Granted(Given.Front);
        _ = world.Settle();
        _ = Assert.Throws<InvalidOperationException>(() => world.Ledger.Committed.Apply(Restored(77)));
    }

    private static LedgerState Replayed(LedgerWorld world, int cut) => world.Journal.Take(cut).Aggregate(LedgerState.Empty(Given.Line), (s, e) => s.Apply(e));

    private static JournalRestored Restored(long floor) => new(_restored.Ticks, floor, _restored.Ticks - 1, Digest.Of("backup"u8), "anna@node-1");
}
