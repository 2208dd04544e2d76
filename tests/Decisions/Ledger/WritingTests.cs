using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Rules V4, V6: what the ledger asks of its shell while it writes.</summary>
public sealed class WritingTests
{
    private static readonly LedgerOptions _options = new() { WriterEpoch = "w", SnapshotEvery = 3 };

    private TimeSpan _now = TimeSpan.FromMinutes(1);
    private PartLedger _ledger = PartLedger.Start(Given.Line, _options);

    [Fact]
    public void A_write_without_a_reply_ends_the_incarnation_and_nothing_is_answered_after()
    {
        _ = Send(new LineCommands.ActivateRecipe(Given.Line, Given.Recipe, "t", "t"));
        _now += _options.WriteOverdue;
        Assert.Empty(Do(new LedgerInput.Tick()));
        _now += TimeSpan.FromTicks(1);
        Assert.Contains("1 events", Assert.IsType<LedgerEffect.Stop>(Assert.Single(Do(new LedgerInput.Tick()))).Why, StringComparison.Ordinal);
        Assert.Empty(Do(new LedgerInput.Committed()));
        Assert.Empty(Send(new LineQueries.GetLineStatus(Given.Line)));
    }

    [Fact]
    public void A_message_that_comes_before_the_clock_finds_the_write_overdue_too()
    {
        _ = Send(new LineCommands.ActivateRecipe(Given.Line, Given.Recipe, "t", "t"));
        _now += _options.WriteOverdue * 2;
        Assert.IsType<LedgerEffect.Stop>(Assert.Single(Send(new LineQueries.GetLineStatus(Given.Line))));
    }

    [Fact]
    public void A_rejected_write_is_no_commit()
    {
        _ = Send(new LineCommands.ActivateRecipe(Given.Line, Given.Recipe, "t", "t"));
        Assert.Equal("no room", Assert.IsType<LedgerEffect.Stop>(Assert.Single(Do(new LedgerInput.WriteFailed("no room")))).Why);
        Assert.Null(_ledger.Committed.Recipe);
    }

    [Fact]
    public void A_snapshot_is_asked_for_every_so_many_records_before_the_next_batch()
    {
        _ = Send(Activate("a"));
        _ = Send(Activate("b"));
        _ = Send(Activate("c"));
        _ = Send(Activate("d"));
        Assert.DoesNotContain(Do(new LedgerInput.Committed()), e => e is LedgerEffect.Snapshot); // one of four is committed
        _ = Send(Activate("e"));
        var effects = Do(new LedgerInput.Committed());
        var snapshot = Assert.IsType<LedgerEffect.Snapshot>(effects.Single(e => e is LedgerEffect.Snapshot));
        Assert.Equal((4, "d"), (snapshot.Sequence, snapshot.State.Recipe?.Name));
        Assert.IsType<LedgerEffect.Persist>(effects[^1]); // of e: sealed after the snapshot's head was taken
        Assert.DoesNotContain(Do(new LedgerInput.Committed()), e => e is LedgerEffect.Snapshot);
    }

    [Fact]
    public void A_notice_goes_to_who_spoke_last_for_the_current_epoch()
    {
        _ = Send(Activate("a") with { Recipe = Given.Recipe });
        _ = Do(new LedgerInput.Committed());
        _ = Send(new LineCommands.AcquireStation(Given.Line, Given.Back, Given.NodeA, "i"), "asker");
        _ = Do(new LedgerInput.Committed());
        _ = Send(new LineCommands.RenewStation(Given.Line, Given.Back, 1, Given.NodeA, "i"), "holder");
        _ = Send(new LineCommands.RenewStation(Given.Line, Given.Back, 0, Given.NodeB, "i"), "stranger");
        _ = Send(new LineCommands.AnnounceTriggers(Given.Line, Given.Back, 1, 1, ["part"], [TimeSpan.Zero]), "holder");
        Assert.Equal("holder", Assert.Single(Do(new LedgerInput.Committed()).OfType<LedgerEffect.TellStation>()).To);
    }

    private static LineCommands.ActivateRecipe Activate(string name) => new(Given.Line, Given.Recipe with { Name = name }, "t", "t");

    private IReadOnlyList<LedgerEffect> Send(ILineMessage message, object? from = null) => Do(new LedgerInput.Received(message, from));

    private IReadOnlyList<LedgerEffect> Do(LedgerInput input)
    {
        (_ledger, var effects) = _ledger.Step(input, new Moment(_now, DateTime.UnixEpoch));
        return effects;
    }
}
