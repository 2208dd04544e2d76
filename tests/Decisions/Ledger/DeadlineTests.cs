using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Rules V2, L4, promise P4: when a part concludes.</summary>
public sealed class DeadlineTests
{
    private readonly LedgerWorld _world = LedgerWorld.Ready();
    private readonly long _epoch;

    public DeadlineTests() => _epoch = _world.Granted(Given.Front);

    private TriggerKey Key => Station.Key(Given.Front, _epoch, 1);

    [Fact]
    public void A_part_concludes_with_its_last_view_and_not_before()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Submit(Key, Given.View(Given.Top, 0.5f));
        _ = _world.Submit(Key, Given.View(Given.Right, 0.5f));
        _ = _world.Settle();
        Assert.Equal(1, _world.Ledger.Projected.OpenCount);
        _ = _world.Submit(Key, Given.View(Given.Left, 0.5f));
        Assert.True(Assert.IsType<LineReplies.PartClosed>(Assert.Single(_world.Settle())).Conclusion.IsOk);
        Assert.Equal([Given.Top, Given.Left, Given.Right], _world.Journal.OfType<PartConcluded>().Single().Views.Select(v => v.Camera)); // rule J5: the recipe's order
    }

    [Fact]
    public void The_deadline_concludes_what_is_missing_as_a_fallback()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Settle();
        _ = _world.Submit(Key, Given.View(Given.Top, 0.5f));
        Assert.Equal(_world.Now + Given.Deadline, _world.Ledger.NextDeadline);
        _ = _world.Pass(Given.Deadline - TimeSpan.FromTicks(1));
        Assert.Null(_world.InFlight);
        _ = _world.Pass(TimeSpan.FromTicks(1));
        Assert.Equal("Fallback(Deadline)", Assert.IsType<LineReplies.PartClosed>(Assert.Single(_world.Settle())).Conclusion.ToString());
    }

    [Fact]
    public void Evidence_after_the_deadline_is_late_even_where_no_tick_came_between()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Submit(Key, Given.View(Given.Top, 0.5f));
        _ = _world.Submit(Key, Given.View(Given.Left, 0.5f));
        _ = _world.Settle();
        _world.Sleep(Given.Deadline);
        _ = _world.Submit(Key, Given.View(Given.Right, 0.5f));
        Assert.Equal("Fallback(Deadline)", Assert.Single(_world.Settle().OfType<LineReplies.PartClosed>()).Conclusion.ToString());
    }

    [Fact]
    public void Late_evidence_of_a_missing_view_is_recorded_once_and_changes_nothing()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Submit(Key, Given.View(Given.Top, 0.5f));
        _ = _world.Pass(Given.Deadline);
        _ = _world.Settle();
        for (var copy = 0; copy < 3; copy++)
        {
            _ = _world.Submit(Key, Given.View(Given.Left, 9f));
            _ = _world.Submit(Key, Given.View(Given.Top, 9f)); // not missing: it answered in time
            _ = _world.Submit(Key, Given.View(Given.Foreign, 9f));
        }

        Assert.DoesNotContain(_world.Settle(), m => m is not LineReplies.PartClosed { Conclusion.Fallback: FallbackReason.Deadline });
        Assert.Equal([Given.Left], _world.Journal.OfType<LateEvidence>().Select(l => l.Camera));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Nothing_left_concludes_at_once(int milliseconds)
    {
        _ = _world.Announce(Given.Front, _epoch, 1, 2, TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(0, _world.Ledger.Projected.OpenCount);
        Assert.Equal(2, _world.Settle().Count(m => m is LineReplies.PartClosed { Conclusion.Fallback: FallbackReason.Deadline }));
    }

    [Fact]
    public void Nothing_left_at_a_second_announcement_concludes_at_once_and_more_time_is_never_given()
    {
        _ = _world.Announce(Given.Front, _epoch, 1, 2);
        var deadline = _world.Ledger.NextDeadline;
        _ = _world.Announce(Given.Front, _epoch, 1, 2, TimeSpan.FromHours(1));
        Assert.Equal(deadline, _world.Ledger.NextDeadline);
        _ = _world.Announce(Given.Front, _epoch, 1, 1, TimeSpan.Zero);
        Assert.Equal(1, _world.Ledger.Projected.OpenCount);
    }

    [Fact]
    public void After_a_recovery_open_parts_have_the_recipes_deadline_until_their_station_speaks()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Settle();
        _ = _world.Pass(Given.Deadline / 2);
        _world.Crash(committed: false);
        Assert.Equal(_world.Now + Given.Deadline, _world.Ledger.NextDeadline);
        _ = _world.Announce(Given.Front, _epoch, 1, 1, Given.Deadline / 4);
        Assert.Equal(_world.Now + (Given.Deadline / 4), _world.Ledger.NextDeadline);
    }

    [Fact]
    public void A_camera_the_recipe_does_not_know_decides_nothing()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Submit(Key, Given.View(Given.Top, 0.5f));
        _ = _world.Submit(Key, Given.View(Given.Left, 0.5f));
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Submit(Key, Given.View(Given.Foreign, 0.5f))));
        Assert.Equal(1, _world.Ledger.Projected.OpenCount);
    }

    [Fact]
    public void A_view_that_a_new_recipe_dropped_does_not_stand_in_for_one_it_needs()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Submit(Key, Given.View(Given.Left, 0.5f));
        _world.Activate(Given.Recipe with { Views = [new(Given.Front, Given.Top), new(Given.Front, Given.Right)] });
        _ = _world.Submit(Key, Given.View(Given.Top, 0.5f));
        Assert.Equal(1, _world.Ledger.Projected.OpenCount);
        _ = _world.Submit(Key, Given.View(Given.Right, 0.5f));
        Assert.True(Assert.Single(_world.Settle().OfType<LineReplies.PartClosed>()).Conclusion.IsOk);
    }

    [Fact]
    public void A_part_that_has_all_a_new_recipe_needs_does_not_wait_for_its_deadline()
    {
        _ = _world.Announce(Given.Front, _epoch, 1);
        _ = _world.Submit(Key, Given.View(Given.Top, 0.5f));
        _world.Activate(Given.Recipe with { Views = [new(Given.Front, Given.Top)] });
        Assert.True(Assert.Single(_world.Settle().OfType<LineReplies.PartClosed>()).Conclusion.IsOk);
    }
}
