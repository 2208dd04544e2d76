using Inspection.Decisions.Station;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Station;

/// <summary>Rules V5, W8, L2, L3, J3: what a station keeps, and what it says again.</summary>
public sealed class StationWindowTests
{
    private static readonly StationOptions Options = new() { Window = 4, DecisionDeadline = TimeSpan.FromSeconds(20) };
    private readonly StationWindow _window = new(Given.Line, Given.Front, Options);

    public StationWindowTests() => Assert.True(_window.Granted(Grant(3, Ask(0)), Ms(0)));

    [Fact]
    public void A_trigger_is_announced_at_once_and_again_until_it_is_concluded()
    {
        var (key, sent) = _window.Trigger("a", Ms(0));
        Assert.Equal(new TriggerKey(Given.Line, Given.Front, 3, 1), key);
        Assert.Equal(new LineCommands.AnnounceTriggers(Given.Line, Given.Front, 3, 1, ["a"], [Options.DecisionDeadline]), Assert.Single(sent));
        Assert.Empty(_window.Tick(Ms(499)));
        Assert.Equal(
            new LineCommands.AnnounceTriggers(Given.Line, Given.Front, 3, 1, ["a"], [Options.DecisionDeadline - Ms(500)]),
            Assert.Single(_window.Tick(Ms(500))));
        Assert.Empty(_window.Accepted(3, 1, Ms(510)));
        Assert.Empty(_window.Tick(Ms(1499)));
        Assert.Single(_window.Tick(Ms(1500))); // accepted is not concluded
        Assert.True(_window.Closed(key));
        Assert.False(_window.Closed(key));
        Assert.Empty(_window.Tick(Ms(60_000)));
        Assert.True(_window.IsIdle);
    }

    [Fact]
    public void The_wait_between_two_tries_doubles_up_to_its_limit()
    {
        _ = _window.Trigger("a", Ms(0));
        var sentAt = Enumerable.Range(0, 300).Where(i => _window.Tick(Ms(i * 100)).Count > 0).Select(i => i * 100).ToArray();
        Assert.Equal([500, 1500, 3500, 7500, 12500, 17500, 22500, 27500], sentAt);
    }

    [Fact]
    public void Evidence_is_kept_and_sent_again_until_its_part_is_concluded_whatever_was_acknowledged()
    {
        var (key, _) = _window.Trigger("a", Ms(0));
        Assert.Single(_window.Evidence(key, Given.View(Given.Top, 1), Ms(10)));
        Assert.Single(_window.Evidence(key, Given.View(Given.Left, 1), Ms(20)));
        _window.Received(key, Ms(30));
        Assert.Empty(_window.Tick(Ms(1029))); // the acknowledgement stops the short retry
        Assert.Equal(2, _window.Tick(Ms(1030)).OfType<LineCommands.SubmitEvidence>().Count());
        _ = _window.Closed(key);
        Assert.Empty(_window.Tick(Ms(10_000)));
        Assert.Empty(_window.Evidence(key, Given.View(Given.Right, 1), Ms(10_001)));
    }

    [Fact]
    public void However_many_views_a_part_has_a_lost_one_is_sent_again_after_the_first_wait()
    {
        var (key, _) = _window.Trigger("a", Ms(0));
        foreach (var camera in Given.CamerasOf(Given.Front))
        {
            _ = _window.Evidence(key, Given.View(camera, 1), Ms(100));
        }

        Assert.Equal(3, _window.Tick(Ms(600)).OfType<LineCommands.SubmitEvidence>().Count());
    }

    [Fact]
    public void Past_its_deadline_a_part_keeps_its_place_and_not_its_evidence()
    {
        var (key, _) = _window.Trigger("a", Ms(0));
        _ = _window.Evidence(key, Given.View(Given.Top, 1), Ms(10));
        var sent = _window.Tick(Options.DecisionDeadline);
        Assert.Equal(TimeSpan.Zero, Assert.Single(Assert.IsType<LineCommands.AnnounceTriggers>(Assert.Single(sent)).TimeLeft));
        Assert.Equal(1, _window.Open);
    }

    [Fact]
    public void The_lease_counts_from_the_sending_of_the_request()
    {
        Assert.True(_window.HoldsLease(Ms(1999)));
        Assert.False(_window.HoldsLease(Ms(2000)));
        var (early, late) = (Ask(100), Ask(1500));
        _window.Renewed(Renewal(late), Ms(1900));
        Assert.True(_window.HoldsLease(Ms(3499)));
        Assert.False(_window.HoldsLease(Ms(3500)));
        _window.Renewed(Renewal(early), Ms(3000)); // an older answer that comes late changes nothing
        Assert.Equal(Ms(3500), _window.LeaseUntil);
        var newer = Ask(3100);
        _window.Renewed(Renewal(newer) with { Epoch = 2 }, Ms(3200));
        _window.Renewed(Renewal(newer + 7), Ms(3200)); // to no request of this station
        Assert.Equal(Ms(3500), _window.LeaseUntil);
    }

    [Fact]
    public void The_answers_after_an_outage_give_the_lease_of_the_newest_request()
    {
        var requests = Enumerable.Range(0, 40).Select(i => (At: 9000 + (i * 500), Number: Ask(9000 + (i * 500)))).ToList();
        foreach (var request in requests)
        {
            _window.Renewed(Renewal(request.Number), Ms(29_000));
            Assert.Equal(request.At > 27_000, _window.HoldsLease(Ms(29_000)));
        }

        Assert.Equal(Ms(28_500 + 2000), _window.LeaseUntil);
    }

    [Fact]
    public void An_answer_without_a_number_is_taken_for_the_oldest_request()
    {
        _ = Ask(500);
        _ = Ask(1000);
        _window.Renewed(Renewal(0), Ms(1100));
        Assert.Equal(Ms(2500), _window.LeaseUntil);
        _window.Renewed(Renewal(0), Ms(1200));
        Assert.Equal(Ms(3000), _window.LeaseUntil);
        _window.Renewed(Renewal(0), Ms(1300)); // nothing was asked
        Assert.Equal(Ms(3000), _window.LeaseUntil);
    }

    [Fact]
    public void When_the_supervisor_is_back_everything_open_is_sent_again_at_once()
    {
        var (first, _) = _window.Trigger("a", Ms(0));
        var (second, _) = _window.Trigger("b", Ms(3000));
        var evidence = Assert.Single(_window.Evidence(first, Given.View(Given.Top, 1), Ms(100)));
        for (var at = 500; at <= 3600; at += 50)
        {
            _ = _window.Tick(Ms(at));
        }

        Assert.Empty(_window.Tick(Ms(3601)));
        _window.Renewed(Renewal(Ask(3590)), Ms(3602));
        Assert.Equal<ILineMessage>(
            [
                new LineCommands.AnnounceTriggers(Given.Line, Given.Front, 3, 1, ["a", "b"], [Options.DecisionDeadline - Ms(3602), Options.DecisionDeadline - Ms(602)]),
                evidence,
            ],
            _window.Tick(Ms(3602)));
        Assert.Empty(_window.Tick(Ms(3603)));
        _window.Renewed(Renewal(Ask(4000)), Ms(4010)); // it was there all the time
        Assert.Empty(_window.Tick(Ms(4010)));
        Assert.True(_window.Closed(second));
    }

    [Fact]
    public void A_window_has_room_for_so_many_and_gets_it_back_by_conclusions()
    {
        for (var i = 1; i <= 4; i++)
        {
            Assert.True(_window.HasRoom);
            _ = _window.Trigger($"{i}", Ms(i));
        }

        Assert.False(_window.HasRoom);
        Assert.Equal([2, 3], _window.ClosedRange(3, 2, 3));
        Assert.Empty(_window.ClosedRange(3, 2, 3)); // told once
        Assert.True(_window.HasRoom);
        Assert.Equal(2, _window.Open);
    }

    [Fact]
    public void What_was_given_up_is_reported_as_ranges_once_it_is_accepted()
    {
        _ = _window.GiveUp("a", FallbackReason.Shed, "full", Ms(0));
        _ = _window.GiveUp("b", FallbackReason.Shed, "full", Ms(1));
        _ = _window.Trigger("c", Ms(2));
        _ = _window.GiveUp("d", FallbackReason.SupervisorUnavailable, "alone", Ms(3));
        Assert.Equal([Range(1, 2, FallbackReason.Shed, "full")], _window.Accepted(3, 3, Ms(10)));
        Assert.Equal([Range(4, 4, FallbackReason.SupervisorUnavailable, "alone")], _window.Accepted(3, 4, Ms(20)));
        Assert.Empty(_window.Accepted(3, 4, Ms(30)));
        Assert.Contains(Range(1, 2, FallbackReason.Shed, "full"), _window.Tick(Ms(600))); // until the journal has it
        Assert.Equal([1, 2], _window.ClosedRange(3, 1, 2));
        Assert.Equal([4], _window.ClosedRange(3, 4, 4));
        Assert.DoesNotContain(_window.Tick(Ms(60_000)), m => m is LineCommands.ReportFellBack);
    }

    [Fact]
    public void A_long_backlog_goes_out_at_every_tick_in_order_without_waiting_for_its_back_off()
    {
        for (var i = 1; i <= 1000; i++)
        {
            _ = _window.GiveUp($"{i}", FallbackReason.SupervisorUnavailable, "alone", Ms(0));
        }

        var announced = Enumerable.Range(0, 4).SelectMany(i => _window.Tick(Ms(10_000 + (50 * i)))).OfType<LineCommands.AnnounceTriggers>().ToArray();
        Assert.Equal([(1L, 256), (257L, 256), (513L, 256), (769L, 232)], announced.Select(a => (a.From, a.ExternalIds.Count)));
        Assert.All(announced, a => Assert.All(a.TimeLeft, t => Assert.Equal(Options.DecisionDeadline, t))); // their own reason follows, not Deadline
    }

    [Fact]
    public void A_fenced_epoch_forgets_its_parts_and_never_comes_back()
    {
        var (key, _) = _window.Trigger("a", Ms(0));
        _ = _window.Trigger("b", Ms(0));
        Assert.Equal([1, 2], _window.Fenced());
        Assert.False(_window.HoldsLease(Ms(1)));
        Assert.Equal(0, _window.Epoch);
        Assert.Empty(_window.Tick(Ms(60_000)));
        Assert.False(_window.Closed(key));
        Assert.Throws<InvalidOperationException>(() => _window.Trigger("c", Ms(1)));
        Assert.False(_window.Granted(Grant(3, Ask(0)), Ms(0)));
        Assert.Equal(0, _window.Epoch);
        Assert.True(_window.Granted(Grant(4, Ask(0)), Ms(0)));
        Assert.Equal(1, _window.Trigger("c", Ms(1)).Key.Counter);
    }

    [Fact]
    public void Answers_of_another_epoch_change_nothing()
    {
        var (key, _) = _window.Trigger("a", Ms(0));
        Assert.False(_window.Closed(key with { Epoch = 2 }));
        Assert.Empty(_window.ClosedRange(2, 1, 1));
        Assert.Empty(_window.Accepted(2, 9, Ms(1)));
        Assert.Empty(_window.Evidence(key with { Epoch = 2 }, Given.View(Given.Top, 1), Ms(1)));
        Assert.Equal((1, 0L), (_window.Open, _window.AcceptedUpTo));
    }

    /// <summary>The number of a request that leaves at this time.</summary>
    private long Ask(double at) => _window.AskLease(Given.NodeA, "i0", Ms(at)) switch
    {
        LineCommands.AcquireStation x => x.Request,
        var x => ((LineCommands.RenewStation)x).Request,
    };

    [Fact] // rule V5
    public void A_lost_announcement_is_said_again_when_the_answer_to_a_later_one_accepts_nothing()
    {
        var window = new StationWindow(Given.Line, Given.Front, new StationOptions { DecisionDeadline = Ms(1000) });
        _ = window.AskLease(Given.NodeA, "i", Ms(0));
        Assert.True(window.Granted(Grant(3, 1), Ms(0)));
        _ = window.Trigger("a", Ms(0));
        _ = window.Accepted(3, 1, Ms(10));
        _ = window.Trigger("lost", Ms(100));
        _ = window.Trigger("b", Ms(200));
        _ = window.Accepted(3, 1, Ms(210)); // too early to say that it is lost
        Assert.DoesNotContain(window.Tick(Ms(250)), m => m is LineCommands.AnnounceTriggers { From: 2 });
        _ = window.Trigger("c", Ms(360));
        _ = window.Accepted(3, 1, Ms(370));
        Assert.Equal(["lost", "b", "c"], Assert.Single(window.Tick(Ms(371)).OfType<LineCommands.AnnounceTriggers>()).ExternalIds);
    }

    private static LineReplies.StationGranted Grant(long epoch, long request) => new(Given.Line, Given.Front, epoch, "", Ms(2000), request);

    private static LineReplies.StationRenewed Renewal(long request) => new(Given.Line, Given.Front, 3, Ms(2000), request);

    private static LineCommands.ReportFellBack Range(long from, long to, FallbackReason reason, string detail) => new(Given.Line, Given.Front, 3, from, to, reason, detail);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
