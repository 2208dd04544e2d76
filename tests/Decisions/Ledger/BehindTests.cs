using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>A ledger that is told of what the journal must hold, and that it does not have, was read before another writer went on: it ends, and is read again.</summary>
public sealed class BehindTests
{
    private TimeSpan _now = TimeSpan.FromMinutes(1);
    private PartLedger _ledger = PartLedger.Start(Given.Line, new LedgerOptions { WriterEpoch = "now" });

    public BehindTests()
    {
        _ = Do(new LedgerInput.Received(new LineCommands.ActivateRecipe(Given.Line, Given.Recipe, "t", "t"), null));
        _ = Do(new LedgerInput.Committed());
        _ = Send(new LineCommands.ActivateModel(Given.Line, Given.Coarse, "p", "{}", "", "", "t", "t"));
        _ = Do(new LedgerInput.Committed());
        _ = Send(new LineCommands.AcquireStation(Given.Line, Given.Back, Given.NodeA, "i"));
        _ = Do(new LedgerInput.Committed());
        _ = Send(Announce(1, 0, "now"));
        _ = Do(new LedgerInput.Committed());
    }

    public static TheoryData<string> What => ["renewal", "evidence", "announcement", "accepted", "acts", "interlock"];

    [Theory]
    [MemberData(nameof(What))]
    public void It_ends(string what)
    {
        ILineMessage message = what switch
        {
            "renewal" => new LineCommands.RenewStation(Given.Line, Given.Back, 2, Given.NodeA, "i"),
            "evidence" => new LineCommands.SubmitEvidence(new TriggerKey(Given.Line, Given.Back, 2, 1), Given.View(Given.Top, 0.5f)),
            "announcement" => Announce(1, 0, "now") with { Epoch = 2 },
            "accepted" => Announce(9, 2, "now"),
            "acts" => new LineCommands.ReportGateActs(Given.Line, Given.Back, 1, 2, 1, [0]),
            _ => new LineCommands.ReportStopped(Given.Line, Given.Back, 1, 2, "no verdicts"),
        };
        Assert.IsType<LedgerEffect.Stop>(Assert.Single(Send(message)));
        Assert.Empty(Send(new LineQueries.GetLineStatus(Given.Line)));
    }

    [Fact]
    public void What_the_journal_does_hold_ends_nothing()
    {
        Assert.DoesNotContain(Send(Announce(2, 1, "now")), e => e is LedgerEffect.Stop);
        Assert.DoesNotContain(Send(new LineCommands.ReportGateActs(Given.Line, Given.Back, 1, 1, 1, [0])), e => e is LedgerEffect.Stop);
        Assert.DoesNotContain(Send(new LineCommands.RenewStation(Given.Line, Given.Back, 1, Given.NodeA, "i")), e => e is LedgerEffect.Stop);
    }

    /// <summary>Promise P4: evidence and an announcement that waited through a recovery are no OK; said again, they are.</summary>
    [Fact]
    public void A_time_left_that_was_told_to_the_supervisor_before_is_not_believed()
    {
        _ = Send(Announce(2, 1, "before"));
        _ = Send(Evidence(2));
        Assert.Equal(0, _ledger.Projected.Totals.Decided);
        _ = Send(Announce(2, 1, "now"));
        Assert.Equal(1, _ledger.Projected.Totals.Ok);
    }

    [Theory]
    [InlineData("before", 1)]
    [InlineData("now", 0)]
    public void Where_it_is_not_said_again_or_nothing_is_left_the_part_falls_back(string writer, int seconds)
    {
        _ = Send(Announce(2, 1, "before"));
        _ = Send(Evidence(2));
        _ = Send(Announce(2, 1, writer) with { TimeLeft = [TimeSpan.FromSeconds(seconds)] });
        _ = Do(new LedgerInput.Committed());
        _ = Do(new LedgerInput.Committed());
        _now += TimeSpan.FromMinutes(1);
        _ = Do(new LedgerInput.Tick());
        Assert.Equal((0L, 2L), (_ledger.Projected.Totals.Decided, _ledger.Projected.Totals.Fallback)); // with the one that was open before
    }

    private static LineCommands.AnnounceTriggers Announce(long from, long accepted, string writer) =>
        new(Given.Line, Given.Back, 1, from, [$"part-{from}"], [Given.Deadline], accepted, writer);

    private static LineCommands.SubmitEvidence Evidence(long counter) => new(new TriggerKey(Given.Line, Given.Back, 1, counter), Given.View(Given.Top, 0.5f));

    private IReadOnlyList<LedgerEffect> Send(ILineMessage message) => Do(new LedgerInput.Received(message, null));

    private IReadOnlyList<LedgerEffect> Do(LedgerInput input)
    {
        (_ledger, var effects) = _ledger.Step(input, new Moment(_now, DateTime.UnixEpoch));
        return effects;
    }
}
