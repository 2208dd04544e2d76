using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Rules V3, V4, V7, W8, promise P3: what is answered, and when.</summary>
public sealed class AnswerTests
{
    private readonly LedgerWorld _world = LedgerWorld.Ready();
    private readonly long _epoch;

    public AnswerTests() => _epoch = _world.Granted(Given.Back);

    [Fact]
    public void A_part_that_is_being_decided_is_not_answered_and_a_decided_one_is_answered_again()
    {
        var key = Key(1);
        _ = _world.Announce(Given.Back, _epoch, 1);
        _ = _world.Settle();
        Assert.IsType<LineReplies.EvidenceReceived>(Assert.Single(_world.Submit(key, Given.View(Given.Top, 0.5f))));
        Assert.Empty(_world.Submit(key, Given.View(Given.Top, 0.5f)));
        Assert.All(_world.Announce(Given.Back, _epoch, 1), m => Assert.IsType<LineReplies.TriggersAccepted>(m));
        var closed = Assert.IsType<LineReplies.PartClosed>(Assert.Single(_world.Settle()));
        Assert.True(closed.Conclusion.IsOk);
        Assert.Equal(closed, Assert.Single(_world.Submit(key, Given.View(Given.Top, 9f))));
        Assert.Contains(closed, _world.Announce(Given.Back, _epoch, 1));
        _world.Crash(committed: false);
        Assert.Equal(closed, Assert.Single(_world.Submit(key, Given.View(Given.Top, 9f))));
    }

    [Fact]
    public void A_verdict_whose_write_is_lost_in_a_crash_was_never_told()
    {
        var key = Key(1);
        _ = _world.Announce(Given.Back, _epoch, 1);
        _ = _world.Settle();
        _ = _world.Submit(key, Given.View(Given.Top, 9f, Given.Candidate(0.9f)));
        _world.Crash(committed: false);
        Assert.Equal(1, _world.Ledger.Committed.OpenCount);
        _ = _world.Submit(key, Given.View(Given.Top, 0.5f));
        Assert.Empty(_world.Settle()); // how much time was left nobody has said since
        _ = _world.Announce(Given.Back, _epoch, 1);
        Assert.True(Assert.IsType<LineReplies.PartClosed>(Assert.Single(_world.Settle())).Conclusion.IsOk);
    }

    [Fact]
    public void A_verdict_whose_write_arrived_and_whose_reply_was_lost_stands()
    {
        var key = Key(1);
        _ = _world.Announce(Given.Back, _epoch, 1);
        _ = _world.Settle();
        _ = _world.Submit(key, Given.View(Given.Top, 1.5f, Given.Candidate(0.9f)));
        _world.Crash(committed: true);
        var closed = Assert.IsType<LineReplies.PartClosed>(Assert.Single(_world.Submit(key, Given.View(Given.Top, 0.5f))));
        Assert.Equal((Conclusion.Decided(Verdict.Ng), Disposition.Rework, "dent"), (closed.Conclusion, closed.Disposition, closed.DefectClass));
    }

    [Fact]
    public void The_last_1024_conclusions_are_answered_with_their_verdict_and_older_ones_without()
    {
        const int parts = StationState.RememberedConclusions + 40;
        for (var counter = 1; counter <= parts; counter++)
        {
            _ = _world.Announce(Given.Back, _epoch, counter);
            _ = _world.Submit(Key(counter), Given.View(Given.Top, 0.5f));
        }

        _ = _world.Settle();
        var firstKnown = parts - StationState.RememberedConclusions + 1;
        Assert.All(Enumerable.Range(1, firstKnown - 1), c => Assert.Equal(new LineReplies.AlreadyConcluded(Key(c)), Assert.Single(_world.Submit(Key(c), Given.View(Given.Top, 0.5f)))));
        Assert.All(Enumerable.Range(firstKnown, parts - firstKnown + 1), c => Assert.IsType<LineReplies.PartClosed>(Assert.Single(_world.Submit(Key(c), Given.View(Given.Top, 0.5f)))));
        Assert.Null(_world.InFlight);
    }

    [Fact]
    public void Batches_hold_at_most_256_events_and_no_answer_leaves_before_its_batch()
    {
        for (var counter = 1; counter <= 600; counter++)
        {
            Assert.Empty(_world.Announce(Given.Back, _epoch, counter, left: TimeSpan.Zero));
        }

        var batches = new List<int>();
        while (_world.InFlight is { } batch)
        {
            batches.Add(batch.Count);
            Assert.Equal(batch.Count(e => e is PartConcluded), _world.Commit().Count(m => m is LineReplies.PartClosed));
        }

        // the first part went out by itself; the acceptance of all others was joined in one record
        Assert.Equal([2, 256, 256, 88], batches);
        Assert.Equal(600, _world.Audit.Terminal.Count);
    }

    [Fact]
    public void An_announcement_beyond_a_gap_is_not_accepted_and_says_where_the_journal_stands()
    {
        _ = _world.Announce(Given.Back, _epoch, 1, 2);
        _ = _world.Settle();
        Assert.Equal(2, Assert.IsType<LineReplies.TriggersAccepted>(Assert.Single(_world.Announce(Given.Back, _epoch, 4))).UpTo);
        Assert.Empty(_world.Submit(Key(4), Given.View(Given.Top, 0.5f)));
        Assert.Null(_world.InFlight);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(-5, 1, 1)]
    [InlineData(1, 0, 0)]
    [InlineData(1, 2, 1)]
    public void An_announcement_that_makes_no_sense_is_refused(long from, int ids, int times)
    {
        var message = new LineCommands.AnnounceTriggers(
            Given.Line, Given.Back, _epoch, from, Enumerable.Repeat("x", ids).ToEquatableList(), Enumerable.Repeat(Given.Deadline, times).ToEquatableList());
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Send(message)));
        Assert.Null(_world.InFlight);
    }

    [Fact]
    public void A_counter_that_was_never_triggered_is_not_called_concluded() => Assert.Empty(_world.Submit(Key(0), Given.View(Given.Top, 0.5f)));

    [Fact]
    public void A_range_is_called_recorded_only_when_its_acceptance_and_its_end_are_committed()
    {
        _ = _world.Announce(Given.Back, _epoch, 1, 3, TimeSpan.Zero); // concluded at once, and nothing of it committed
        var report = new LineCommands.ReportFellBack(Given.Line, Given.Back, _epoch, 1, 3, FallbackReason.SupervisorUnavailable, "");
        Assert.Empty(_world.Send(report));
        _ = _world.Settle();
        Assert.IsType<LineReplies.FellBackRecorded>(Assert.Single(_world.Send(report)));
    }

    [Fact]
    public void A_range_leaves_alone_what_was_decided_and_is_refused_beyond_what_was_accepted()
    {
        _ = _world.Announce(Given.Back, _epoch, 1, 3);
        _ = _world.Submit(Key(2), Given.View(Given.Top, 0.5f));
        _ = _world.Settle();
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Send(new LineCommands.ReportFellBack(Given.Line, Given.Back, _epoch, 1, 4, FallbackReason.Shed, ""))));
        Assert.Empty(_world.Send(new LineCommands.ReportFellBack(Given.Line, Given.Back, _epoch, 1, 3, FallbackReason.Shed, "")));
        Assert.Contains(_world.Settle(), m => m is LineReplies.FellBackRecorded { From: 1, To: 3 });
        Assert.Equal(
            ["Fallback(Shed)", "OK", "Fallback(Shed)"],
            Enumerable.Range(1, 3).Select(c => _world.Audit.Terminal[Key(c)].ToString()));
    }

    [Fact]
    public void What_is_active_already_is_not_journalled_again()
    {
        var before = _world.Journal.Count;
        _world.Activate(Given.Recipe);
        _world.Activate(Given.Coarse);
        _ = _world.Settle();
        Assert.Equal(before, _world.Journal.Count);
    }

    [Fact]
    public void A_gate_reports_each_act_once_in_order_and_only_for_accepted_parts()
    {
        _ = _world.Announce(Given.Back, _epoch, 1, 9);
        _ = _world.Settle();
        LineCommands.ReportGateActs Acts(long from, int count) => new(Given.Line, Given.Back, _epoch, from, count, new byte[(count + 7) / 8].ToEquatableList());
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Send(Acts(1, 10))));
        Assert.Empty(_world.Send(Acts(1, 8)));
        Assert.Equal(1, Assert.IsType<LineReplies.GateActsRecorded>(Assert.Single(_world.Send(Acts(1, 8)))).NextExpected);
        Assert.Equal(9, Assert.IsType<LineReplies.GateActsRecorded>(Assert.Single(_world.Settle())).NextExpected);
        Assert.Equal(9, Assert.IsType<LineReplies.GateActsRecorded>(Assert.Single(_world.Send(Acts(1, 8)))).NextExpected);
        _ = _world.Send(Acts(9, 1));
        _ = _world.Settle();
        Assert.Equal([(1L, 8), (9L, 1)], _world.Journal.OfType<GateActed>().Select(a => (a.From, a.Count)));
    }

    private TriggerKey Key(long counter) => Station.Key(Given.Back, _epoch, counter);
}
