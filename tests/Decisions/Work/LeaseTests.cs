using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Rules W2 to W4, one by one.</summary>
public sealed class LeaseTests
{
    private readonly LeaseRig _rig = new();

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
    public void One_pause_teaches_little()
    {
        var worker = _rig.Remote("gpu-1", 1);
        for (var i = 0; i < 10; i++)
        {
            _ = _rig.RoundTrip(worker, 50);
        }

        _ = _rig.RoundTrip(worker, 3000); // counts as 200: four times the estimate
        Assert.Equal(3 * 87.5, _rig.RoundTrip(worker, 50).TotalMilliseconds, 0.1);
    }

    [Fact]
    public void Of_two_free_holders_the_one_expected_to_answer_first_gets_the_work()
    {
        var slow = _rig.Remote("slow", 1);
        _ = _rig.RoundTrip(slow, 80);
        var fast = _rig.Remote("fast", 1);
        _ = _rig.RoundTrip(fast, 20); // unknown: it is tried
        _rig.Add("part", 5000);
        Assert.Equal(fast, _rig.Offer()!.Value.Worker);
        _rig.Add("next", 5000);
        Assert.Equal(slow, _rig.Offer()!.Value.Worker); // better than waiting
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
    public void After_three_tries_no_other_worker_is_asked_and_a_late_answer_still_counts()
    {
        _rig.Enough();
        var slow = _rig.Remote("gpu-0", 1);
        _rig.Add("part", 20_000);
        var first = _rig.Offer()!.Value;
        _rig.Pass(500);
        for (var i = 1; i <= 2; i++)
        {
            _ = _rig.Remote($"gpu-{i}", 1);
            var offer = _rig.Offer()!.Value;
            Assert.True(_rig.Leases.Returned(offer.Worker, offer.Id, _rig.Now));
        }

        _ = _rig.Remote("gpu-3", 1);
        Assert.Null(_rig.Offer());
        Assert.Empty(_rig.Overdue());
        Assert.Equal(AnswerOutcome.Accepted, _rig.Answer(slow, first.Id));
    }
}
