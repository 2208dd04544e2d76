using Inspection.Decisions.Ledger;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Ledger;

/// <summary>Rules L1, L2, J2, J7: who may act for a station, and how one holder's time ends.</summary>
public sealed class EpochTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly LedgerWorld _world = LedgerWorld.Ready();

    [Fact]
    public void Another_node_gets_the_station_only_after_three_seconds_of_silence()
    {
        var first = _world.Granted(Given.Back);
        _ = _world.Pass(2 * Second);
        Assert.IsType<LineReplies.StationRenewed>(Assert.Single(_world.Renew(Given.Back, first)));
        _ = _world.Pass((3 * Second) - TimeSpan.FromTicks(1));
        Assert.IsType<LineReplies.StationRefused>(Assert.Single(_world.Acquire(Given.Back, Given.NodeB)));
        _ = _world.Pass(TimeSpan.FromTicks(1));
        Assert.Equal(first + 1, _world.Granted(Given.Back, Given.NodeB));
    }

    [Fact]
    public void A_refused_node_does_not_keep_the_holder_alive_by_asking()
    {
        _ = _world.Granted(Given.Back);
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<LineReplies.StationRefused>(Assert.Single(_world.Acquire(Given.Back, Given.NodeB)));
            _ = _world.Pass(Second);
        }

        _ = _world.Granted(Given.Back, Given.NodeB);
    }

    [Fact]
    public void After_a_recovery_another_node_waits_as_if_the_holder_had_just_been_heard()
    {
        _ = _world.Granted(Given.Back);
        _ = _world.Pass(10 * Second);
        _world.Crash(committed: false);
        _ = _world.Pass((3 * Second) - TimeSpan.FromTicks(1));
        Assert.IsType<LineReplies.StationRefused>(Assert.Single(_world.Acquire(Given.Back, Given.NodeB)));
        _ = _world.Pass(TimeSpan.FromTicks(1));
        _ = _world.Granted(Given.Back, Given.NodeB);
    }

    [Fact]
    public void A_recovered_supervisor_renews_the_same_holder_at_once_in_the_same_epoch()
    {
        var epoch = _world.Granted(Given.Back);
        _ = _world.Announce(Given.Back, epoch, 1);
        _ = _world.Settle();
        _world.Crash(committed: false);
        var renewed = Assert.IsType<LineReplies.StationRenewed>(Assert.Single(_world.Renew(Given.Back, epoch)));
        Assert.Equal((epoch, new LedgerOptions().Lease), (renewed.Epoch, renewed.LeaseDuration));
        Assert.Null(_world.InFlight);
    }

    [Fact]
    public void A_grant_whose_answer_was_lost_is_given_again()
    {
        var epoch = _world.Granted(Given.Back);
        Assert.Equal(epoch, Assert.IsType<LineReplies.StationGranted>(Assert.Single(_world.Acquire(Given.Back))).Epoch);
    }

    [Fact]
    public void A_restarted_holder_gets_a_new_epoch_at_once_and_its_open_parts_are_lost_at_source()
    {
        var first = _world.Granted(Given.Back);
        _ = _world.Announce(Given.Back, first, 1, 2);
        _ = _world.Settle();
        var second = _world.Granted(Given.Back, incarnation: "i1");
        Assert.Equal(first + 1, second);
        Assert.Equal(
            ["PartsFellBack", "EpochEnded", "EpochGranted"],
            _world.Journal.TakeLast(3).Select(e => e.GetType().Name));
        Assert.Equal((1L, 2L, FallbackReason.LostAtSource), _world.Journal.OfType<PartsFellBack>().Select(f => (f.From, f.To, f.Reason)).Single());
        Assert.Equal(EpochTail.Unknown, _world.Audit.Find(first)!.Tail);
    }

    [Fact]
    public void A_restarted_holder_gets_a_new_epoch_even_where_it_had_triggered_nothing() =>
        Assert.Equal(_world.Granted(Given.Back) + 1, _world.Granted(Given.Back, incarnation: "i1"));

    [Fact]
    public void A_new_epoch_resumes_after_the_last_part_the_journal_has_seen()
    {
        var first = _world.Granted(Given.Back);
        _ = _world.Announce(Given.Back, first, 1, 3);
        _ = _world.Settle();
        _ = _world.Acquire(Given.Back, incarnation: "i1");
        Assert.Equal("part-3", Assert.Single(_world.Settle().OfType<LineReplies.StationGranted>()).LastExternalId);
    }

    [Fact]
    public void A_holder_that_lost_its_place_never_counts_from_one_again_in_the_same_epoch()
    {
        var first = _world.Granted(Given.Back);
        _ = _world.Announce(Given.Back, first, 1);
        _ = _world.Submit(Station.Key(Given.Back, first, 1), Given.View(Given.Top, 0.5f));
        _ = _world.Settle();
        Assert.NotEqual(first, _world.Granted(Given.Back));
    }

    [Fact]
    public void A_fence_that_is_still_being_written_is_not_told()
    {
        var first = _world.Granted(Given.Back);
        _ = _world.Pass(3 * Second);
        Assert.Empty(_world.Acquire(Given.Back, Given.NodeB));
        Assert.Empty(_world.Renew(Given.Back, first));
        Assert.Empty(_world.Announce(Given.Back, first, 1));
        _world.Crash(committed: false);
        Assert.IsType<LineReplies.StationRenewed>(Assert.Single(_world.Renew(Given.Back, first)));
    }

    [Fact]
    public void An_older_epoch_is_refused_everywhere()
    {
        var old = _world.Granted(Given.Back);
        _ = _world.Announce(Given.Back, old, 1);
        _ = _world.Settle();
        var current = _world.Granted(Given.Back, incarnation: "i1");
        ILineMessage[] late =
        [
            new LineCommands.RenewStation(Given.Line, Given.Back, old, Given.NodeA, "i0"),
            new LineCommands.AnnounceTriggers(Given.Line, Given.Back, old, 2, ["x"], [Given.Deadline]),
            new LineCommands.SubmitEvidence(Station.Key(Given.Back, old, 1), Given.View(Given.Top, 0.5f)),
            new LineCommands.ReportFellBack(Given.Line, Given.Back, old, 1, 1, FallbackReason.Shed, ""),
            new LineCommands.ReportGateActs(Given.Line, Given.Back, old, 1, 1, [1]),
            new LineCommands.ReleaseStation(Given.Line, Given.Back, old, 0),
        ];
        foreach (var message in late)
        {
            var stale = Assert.IsType<LineReplies.StaleEpoch>(Assert.Single(_world.Send(message)));
            Assert.Equal((old, current), (stale.Epoch, stale.CurrentEpoch));
        }

        Assert.Null(_world.InFlight);
    }

    [Fact]
    public void Another_incarnation_cannot_renew_an_epoch_that_is_not_its_own()
    {
        var epoch = _world.Granted(Given.Back);
        Assert.DoesNotContain(_world.Renew(Given.Back, epoch, Given.NodeB), m => m is LineReplies.StationRenewed);
        Assert.DoesNotContain(_world.Renew(Given.Back, epoch, incarnation: "i1"), m => m is LineReplies.StationRenewed);
    }

    [Fact]
    public void A_clean_stop_gives_an_exact_tail_and_its_answer_is_given_again()
    {
        var epoch = _world.Granted(Given.Back);
        _ = _world.Announce(Given.Back, epoch, 1);
        _ = _world.Submit(Station.Key(Given.Back, epoch, 1), Given.View(Given.Top, 0.5f));
        _ = _world.Settle();
        Assert.Empty(_world.Release(Given.Back, epoch, 1));
        Assert.Empty(_world.Release(Given.Back, epoch, 1)); // again, while the first is being written
        Assert.IsType<LineReplies.StationReleased>(Assert.Single(_world.Settle()));
        Assert.Equal(EpochTail.Exact, _world.Audit.Find(epoch)!.Tail);
        Assert.IsType<LineReplies.StationReleased>(Assert.Single(_world.Release(Given.Back, epoch, 1)));
        Assert.Equal(epoch + 1, _world.Granted(Given.Back, Given.NodeB));
    }

    [Fact]
    public void A_stop_that_names_another_last_trigger_is_not_clean()
    {
        var epoch = _world.Granted(Given.Back);
        _ = _world.Announce(Given.Back, epoch, 1, 2);
        _ = _world.Settle();
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Release(Given.Back, epoch, 3)));
        Assert.IsType<LineReplies.Refused>(Assert.Single(_world.Release(Given.Back, epoch, 1)));
        Assert.False(_world.Audit.Find(epoch)!.Ended);
    }

    [Fact]
    public void Nobody_gets_a_station_that_the_recipe_does_not_know()
    {
        Assert.IsType<LineReplies.StationRefused>(Assert.Single(_world.Acquire(new StationId("elsewhere"))));
        Assert.IsType<LineReplies.StationRefused>(Assert.Single(new LedgerWorld().Acquire(Given.Back)));
    }

    [Fact]
    public void Two_stations_of_a_line_never_share_an_epoch() => Assert.NotEqual(_world.Granted(Given.Front), _world.Granted(Given.Back));
}
