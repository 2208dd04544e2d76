using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Rules W1 to W4 and W7, one by one.</summary>
public sealed class LeaseTests
{
    private readonly LeaseRig _rig = new();

    [Fact]
    public void A_local_worker_gets_the_earliest_work_of_its_stage_and_the_work_is_gone()
    {
        _rig.Add("late", 2000);
        _rig.Add("early", 1000);
        _rig.Add("verify", 500, WorkStage.Verify);
        var worker = _rig.Leases.JoinLocal(WorkStage.Coarse);
        Assert.Null(_rig.Offer());
        _rig.Leases.Credit(worker, _rig.Now);
        var offer = _rig.Offer()!.Value;
        Assert.Equal(("early", worker, true, TimeSpan.MaxValue), (offer.Work, offer.Worker, offer.IsLocal, offer.Lease));
        Assert.Null(_rig.Offer());
        _rig.Pass(100_000);
        Assert.Equal(["late", "verify"], _rig.Overdue().Order());
        Assert.Equal((3, 1, 2), _rig.Ends());
    }

    [Fact]
    public void A_full_place_says_no_and_an_ended_work_makes_room()
    {
        var leases = new WorkLeases<string>(new WorkLeasesOptions { Capacity = 2 });
        var terms = new WorkTerms(WorkStage.Coarse, LeaseRig.Model, TimeSpan.FromSeconds(1));
        Assert.True(leases.TryAdd("a", terms, TimeSpan.Zero));
        Assert.True(leases.TryAdd("b", terms, TimeSpan.Zero));
        Assert.True(leases.IsFull);
        Assert.False(leases.TryAdd("c", terms, TimeSpan.Zero));
        Assert.True(leases.TryTakeOverdue(TimeSpan.FromSeconds(1), out _));
        Assert.True(leases.TryAdd("c", terms, TimeSpan.Zero));
        Assert.Equal(1, leases.Counts.Refused);
    }

    [Fact]
    public void Local_workers_are_preferred_and_local_work_never_leaves()
    {
        var remote = _rig.Remote("gpu-1", 5);
        var local = _rig.Leases.JoinLocal(WorkStage.Coarse);
        _rig.Leases.Credit(local, _rig.Now);
        _rig.Add("first", 1000);
        _rig.Add("from elsewhere", 500, localOnly: true);
        Assert.Equal(local, _rig.Offer()!.Value.Worker); // the earlier one
        var second = _rig.Offer()!.Value;
        Assert.Equal(("first", remote), (second.Work, second.Worker));
        _rig.Add("also from elsewhere", 500, localOnly: true);
        Assert.Null(_rig.Offer());
    }

    [Fact]
    public void The_lease_is_three_learned_times_within_its_bounds_and_half_a_second_while_unknown()
    {
        var worker = _rig.Remote("gpu-1", 1);
        Assert.Equal(500, _rig.RoundTrip(worker, 20).TotalMilliseconds); // unknown
        Assert.Equal(100, _rig.RoundTrip(worker, 50).TotalMilliseconds); // 60, at least 100
        for (var i = 0; i < 40; i++)
        {
            _ = _rig.RoundTrip(worker, 50);
        }

        Assert.Equal(150, _rig.RoundTrip(worker, 50).TotalMilliseconds, 2);
        for (var i = 0; i < 40; i++)
        {
            _ = _rig.RoundTrip(worker, 200);
        }

        Assert.Equal(500, _rig.RoundTrip(worker, 200).TotalMilliseconds); // 600, at most 500
        for (var i = 0; i < 40; i++)
        {
            _ = _rig.RoundTrip(worker, 800);
        }

        Assert.Equal(1200, _rig.RoundTrip(worker, 800).TotalMilliseconds, 0.1); // what surely expires is no lease
    }

    [Fact]
    public void Where_there_is_no_time_for_a_second_try_the_lease_lasts_until_the_deadline()
    {
        _ = _rig.Remote("gpu-1", 2);
        _rig.Add("short", 590);
        Assert.Equal(590, _rig.Offer()!.Value.Lease.TotalMilliseconds);
        _rig.Add("long", 600);
        Assert.Equal(500, _rig.Offer()!.Value.Lease.TotalMilliseconds);
    }

    [Fact]
    public void An_expired_lease_goes_to_another_worker_and_the_first_answer_counts()
    {
        var first = _rig.Remote("gpu-1", 1);
        _rig.Add("part", 5000);
        var one = _rig.Offer()!.Value;
        var second = _rig.Remote("gpu-2", 1);
        _rig.Pass(499);
        Assert.Null(_rig.Offer());
        _rig.Pass(1);
        var two = _rig.Offer()!.Value;
        Assert.Equal((second, "part", 2), (two.Worker, two.Work, two.Try));
        Assert.Equal(AnswerOutcome.Accepted, _rig.Answer(first, one.Id)); // late, and still first
        Assert.Equal(AnswerOutcome.Duplicate, _rig.Answer(second, two.Id));
        Assert.Equal(AnswerOutcome.Duplicate, _rig.Answer(second, two.Id));
        Assert.Equal(AnswerOutcome.Unknown, _rig.Answer(second, one.Id));
        var counts = _rig.Leases.Counts;
        Assert.Equal((1, 1, 2, 1, 1), (counts.Expirations, counts.Reoffers, counts.Duplicates, counts.Unknown, counts.Answered));
    }

    [Fact]
    public void A_worker_whose_lease_expired_gets_no_work_until_it_answers()
    {
        var worker = _rig.Remote("gpu-1", 3);
        _rig.Add("one", 30_000);
        var offer = _rig.Offer()!.Value;
        _rig.Pass(500);
        _rig.Add("two", 30_000);
        Assert.Null(_rig.Offer());
        Assert.True(Assert.Single(_rig.Leases.Workers(_rig.Now)).Suspended);
        Assert.Equal(AnswerOutcome.Accepted, _rig.Answer(worker, offer.Id));
        Assert.Equal("two", _rig.Offer()!.Value.Work);
    }

    [Fact]
    public void A_loader_gets_work_only_where_no_holder_can_be_in_time()
    {
        var holder = _rig.Remote("holder", 1);
        var loader = _rig.Leases.Join(new NodeId("loader"), _rig.Now);
        _rig.Leases.CanLoad(loader, LeaseRig.Model);
        _rig.Leases.Credit(loader, WorkStage.Coarse, 8);
        _ = _rig.RoundTrip(holder, 100);
        _rig.Add("now", 450);
        Assert.Equal(holder, _rig.Offer()!.Value.Worker);
        Enumerable.Range(1, 5).ToList().ForEach(i => _rig.Add($"{i}", 450)); // one every 100 ms: done after 200, 300, 400, 500 ...
        var late = _rig.Offer()!.Value;
        Assert.Equal(("4", loader, true), (late.Work, late.Worker, late.MustLoad));
        Assert.Equal("5", _rig.Offer()!.Value.Work);
        Assert.Null(_rig.Offer());
        _ = _rig.Answer(loader, late.Id);
        _rig.Add("6", 5000);
        var held = _rig.Offer()!.Value;
        Assert.Equal(("1", loader, false), (held.Work, held.Worker, held.MustLoad)); // it holds the package now
    }

    [Fact]
    public void A_first_use_has_its_own_lease_and_a_second_loader_waits_where_there_is_time()
    {
        foreach (var name in new[] { "a", "b" })
        {
            var loader = _rig.Leases.Join(new NodeId(name), _rig.Now);
            _rig.Leases.CanLoad(loader, LeaseRig.Model);
            _rig.Leases.Credit(loader, WorkStage.Coarse, 1);
        }

        _rig.Add("first", 30_000);
        _rig.Add("second", 30_000);
        var offer = _rig.Offer()!.Value;
        Assert.Equal((true, 10_000), (offer.MustLoad, offer.Lease.TotalMilliseconds));
        Assert.Null(_rig.Offer()); // the first will have loaded it in time
        _rig.Add("urgent", 900);
        var urgent = _rig.Offer()!.Value;
        Assert.Equal(("urgent", true, 900), (urgent.Work, urgent.MustLoad, urgent.Lease.TotalMilliseconds));
        Assert.NotEqual(offer.Worker, urgent.Worker);
    }

    [Fact]
    public void A_worker_that_neither_holds_nor_can_load_gets_nothing()
    {
        var worker = _rig.Leases.Join(new NodeId("gpu-1"), _rig.Now);
        _rig.Leases.Holds(worker, Digest.Of("another"u8));
        _rig.Leases.Credit(worker, WorkStage.Coarse, 4);
        _rig.Add("part", 1000);
        Assert.Null(_rig.Offer());
        _rig.Leases.Holds(worker, LeaseRig.Model);
        _rig.Leases.Lacks(worker, LeaseRig.Model);
        Assert.Null(_rig.Offer());
        _rig.Pass(1000);
        Assert.Equal(["part"], _rig.Overdue());
    }

    [Fact]
    public void A_drained_worker_gets_nothing_new_and_its_answers_count()
    {
        var worker = _rig.Remote("gpu-1", 2);
        _rig.Add("in hand", 1000);
        var offer = _rig.Offer()!.Value;
        _rig.Leases.Drain(worker);
        _rig.Add("new", 1000);
        Assert.Null(_rig.Offer());
        Assert.Equal(AnswerOutcome.Accepted, _rig.Answer(worker, offer.Id));
    }

    [Fact]
    public void Returned_work_goes_to_another_worker_and_is_given_up_at_once_when_no_try_is_left()
    {
        for (var i = 1; i <= 3; i++)
        {
            _ = _rig.Remote($"gpu-{i}", 1);
        }

        _rig.Enough();
        _rig.Add("part", 20_000);
        var asked = new HashSet<WorkerId>();
        for (var i = 0; i < 3; i++)
        {
            var offer = _rig.Offer()!.Value;
            Assert.True(asked.Add(offer.Worker));
            Assert.True(_rig.Leases.Returned(offer.Worker, offer.Id, _rig.Now));
            Assert.False(_rig.Leases.Returned(offer.Worker, offer.Id, _rig.Now));
        }

        Assert.Null(_rig.Offer());
        Assert.Equal(["part"], _rig.Overdue());
    }

    [Fact]
    public void Work_that_no_worker_can_do_in_the_time_left_is_given_up_early_and_slowness_is_not_for_ever()
    {
        var local = _rig.Leases.JoinLocal(WorkStage.Coarse);
        _rig.LocalRoundTrip(local, 200);
        _rig.Leases.Credit(local, _rig.Now);
        _rig.Add("running", 1000);
        Assert.Equal("running", _rig.Offer()!.Value.Work);
        _rig.Add("chance", 101);
        Assert.Empty(_rig.Overdue());
        _rig.Add("none", 99);
        Assert.Equal(["none"], _rig.Overdue());
        _rig.Pass(1200); // measured long ago: the next is tried
        _ = _rig.Overdue();
        _rig.Add("again", 99);
        Assert.Empty(_rig.Overdue());
    }

    [Fact]
    public void The_status_tells_queue_age_credit_and_shortage()
    {
        _rig.Add("a", 5000);
        Assert.Null(_rig.Offer());
        _rig.Pass(70);
        var worker = _rig.Remote("gpu-1", 2);
        var before = _rig.Leases.Status(WorkStage.Coarse, _rig.Now);
        Assert.Equal((1, 70, 2, 70), (before.Waiting, before.OldestAge.TotalMilliseconds, before.Credit, before.ShortFor.TotalMilliseconds));
        Assert.NotNull(_rig.Offer());
        Assert.Null(_rig.Offer());
        _rig.Pass(30);
        var after = _rig.Leases.Status(WorkStage.Coarse, _rig.Now);
        Assert.Equal((0, 1, 1, 0, 70), (after.Waiting, after.LeasedOut, after.Credit, after.OldestAge.TotalMilliseconds, after.ShortFor.TotalMilliseconds));
        var status = Assert.Single(_rig.Leases.Workers(_rig.Now));
        Assert.Equal((worker, 1, 1, 30), (status.Worker, status.InHand, status.CoarseCredit, status.OldestInHand.TotalMilliseconds));
        Assert.Equal(_rig.Now + TimeSpan.FromMilliseconds(470), _rig.Leases.NextAt);
    }

    [Fact]
    public void Local_work_allocates_nothing_once_it_has_its_size()
    {
        _rig.Leases.Credit(_rig.Leases.JoinLocal(WorkStage.Coarse), _rig.Now);
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            for (var i = 0; i < 8; i++)
            {
                _rig.Add("part", 1000 - i);
            }

            for (var i = 0; i < 8; i++)
            {
                _ = _rig.Leases.TryTakeOverdue(_rig.Now, out _);
                Assert.True(_rig.Leases.TryOffer(_rig.Now, out var offer));
                _rig.Pass(1);
                _rig.Leases.Credit(offer.Worker, _rig.Now);
            }
        }
    }

    [Fact]
    public void An_option_out_of_range_is_named()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new WorkLeases<string>(new WorkLeasesOptions { MaxLease = TimeSpan.FromMilliseconds(1) }));
        Assert.Contains("WorkLeasesOptions.MaxLease is 00:00:00.0010000; allowed: at least MinLease", e.Message, StringComparison.Ordinal);
    }
}
