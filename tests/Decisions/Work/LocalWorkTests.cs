using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Rules W1 and W7, promise P8: work in one process, in bounds, given up in time.</summary>
public sealed class LocalWorkTests
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

    /// <summary>Two sessions that batch take many pieces each: were the credits served in the order they came, one would do all the work at first.</summary>
    [Fact]
    public void Workers_of_one_process_that_take_many_pieces_share_the_work()
    {
        var workers = new[] { _rig.Leases.JoinLocal(WorkStage.Coarse), _rig.Leases.JoinLocal(WorkStage.Coarse) };
        foreach (var worker in workers)
        {
            for (var i = 0; i < 8; i++)
            {
                _rig.Leases.Credit(worker, _rig.Now);
            }
        }

        var got = new List<WorkerId>();
        for (var i = 0; i < 6; i++)
        {
            _rig.Add($"work {i}", 1000);
            got.Add(_rig.Offer()!.Value.Worker);
        }

        Assert.All(workers, w => Assert.Equal(3, got.Count(g => g == w)));
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
    public void Work_that_no_worker_can_do_in_the_time_left_is_given_up_early_and_slowness_is_not_for_ever()
    {
        var local = _rig.Leases.JoinLocal(WorkStage.Coarse);
        _rig.LocalRoundTrip(local, 200);
        _rig.Leases.Credit(local, _rig.Now);
        _rig.Add("running", 1000);
        Assert.Equal("running", _rig.Offer()!.Value.Work);
        _rig.Add("chance", 251);
        Assert.Empty(_rig.Overdue());
        _rig.Add("none", 249);
        Assert.Equal(["none"], _rig.Overdue());
        _rig.Pass(1200); // measured long ago: the next is tried
        _ = _rig.Overdue();
        _rig.Add("again", 249);
        Assert.Empty(_rig.Overdue());
    }

    [Fact]
    public void A_coarse_piece_too_late_for_the_verifier_makes_room_for_those_behind_it()
    {
        var coarse = _rig.Leases.JoinLocal(WorkStage.Coarse);
        _rig.LocalRoundTrip(coarse, 100);
        _rig.Leases.Credit(coarse, _rig.Now);
        _rig.Add("running", 1000);
        _ = _rig.Offer();
        _rig.Add("unverified", 374, verifier: true);
        _rig.Add("behind it", 900, verifier: true);
        Assert.Empty(_rig.Overdue()); // what the verifier takes is not known yet
        var verifier = _rig.Leases.JoinLocal(WorkStage.Verify);
        _rig.Leases.Credit(verifier, _rig.Now);
        _rig.Add("candidate", 60_000, WorkStage.Verify);
        Assert.Equal(verifier, _rig.Offer()!.Value.Worker);
        _rig.Pass(200);
        _rig.Leases.Credit(verifier, _rig.Now);
        Assert.Equal(["unverified"], _rig.Overdue());
        _rig.Pass(400);
        Assert.Empty(_rig.Overdue()); // now it is the last: time for the coarse model is worth trying
        _rig.Add("without a verifier", 290);
        _rig.Add("last", 900);
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
