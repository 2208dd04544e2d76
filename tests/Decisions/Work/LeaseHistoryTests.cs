using Inspection.Decisions.Work;

namespace Inspection.Decisions.Tests.Work;

/// <summary>The failures that rules W1 to W4 were written against, played in virtual time.</summary>
public sealed class LeaseHistoryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_healthy_but_slow_model_is_not_re_offered_for_ever()
    {
        var plant = new VirtualPlant { Deadline = TimeSpan.FromSeconds(30) };
        plant.Remote("gpu-1", sessions: 1, milliseconds: 700);
        plant.Remote("gpu-2", sessions: 1, milliseconds: 700);
        plant.Run(Minute, partsEvery: TimeSpan.FromMilliseconds(400));
        var learned = plant.Leases.Counts;
        Assert.InRange(learned.Expirations, 1, 8); // while its time was unknown
        plant.Run(10 * Minute, partsEvery: TimeSpan.FromMilliseconds(400));
        var counts = plant.Leases.Counts;
        Assert.Equal((learned.Expirations, learned.Reoffers), (counts.Expirations, counts.Reoffers));
        Assert.Equal((0, 0), ((int)counts.GivenUp, (int)(counts.Duplicates - learned.Duplicates)));
    }

    [Fact]
    public void A_model_that_becomes_slow_is_learned_to_be_slow()
    {
        var plant = new VirtualPlant { Deadline = TimeSpan.FromSeconds(30) };
        var one = plant.Remote("gpu-1", sessions: 1, milliseconds: 10);
        var two = plant.Remote("gpu-2", sessions: 1, milliseconds: 10);
        plant.Run(Minute, partsEvery: TimeSpan.FromMilliseconds(500));
        Assert.Equal(0, plant.Leases.Counts.Expirations);
        one.Milliseconds = two.Milliseconds = 700;
        plant.Run(Minute, partsEvery: TimeSpan.FromMilliseconds(500));
        var learned = plant.Leases.Counts;
        Assert.True(learned.Expirations > 0);
        plant.Run(5 * Minute, partsEvery: TimeSpan.FromMilliseconds(500));
        Assert.Equal((learned.Expirations, 0), (plant.Leases.Counts.Expirations, (int)plant.Leases.Counts.GivenUp));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(2000)]
    public void One_frozen_detector_does_not_exhaust_the_ring(int deadline)
    {
        var plant = new VirtualPlant { Deadline = TimeSpan.FromMilliseconds(deadline), RingSlots = 16 };
        var frozen = plant.Remote("gpu-1", sessions: 20, milliseconds: 5);
        plant.Run(Minute, partsEvery: TimeSpan.FromMilliseconds(10));
        _ = plant.Remote("gpu-2", sessions: 4, milliseconds: 15); // slower, so that the frozen one is asked first
        frozen.IsFrozen = true;
        var before = plant.Leases.Counts;
        plant.Run(Minute, partsEvery: TimeSpan.FromMilliseconds(10));
        Assert.Equal(4, frozen.InHand); // a quarter of the ring
        var counts = plant.Leases.Counts;
        Assert.InRange(counts.GivenUp - before.GivenUp, 0, 4); // at most what it had in hand
        Assert.Equal(6000, (int)(counts.Answered - before.Answered + counts.GivenUp - before.GivenUp), 10.0);
        Assert.Equal(0, plant.Refused);
    }

    [Fact]
    public void An_expired_lease_answered_after_its_slot_was_filled_again_is_no_evidence()
    {
        var rig = new LeaseRig();
        var frozen = rig.Remote("gpu-1", 1);
        rig.Add("slot 7, generation 1", 400); // no time for a second try: leased until the deadline
        var old = rig.Offer()!.Value;
        rig.Pass(400);
        Assert.Equal(["slot 7, generation 1"], rig.Overdue());
        rig.Add("slot 7, generation 2", 400);
        var other = rig.Remote("gpu-2", 1);
        var fresh = rig.Offer()!.Value;
        Assert.Equal(AnswerOutcome.Stale, rig.Leases.Answered(frozen, old.Id, rig.Now, out var work));
        Assert.Null(work);
        Assert.Equal(AnswerOutcome.Unknown, rig.Answer(frozen, fresh.Id)); // the new one is not its to answer
        Assert.Equal(AnswerOutcome.Accepted, rig.Leases.Answered(other, fresh.Id, rig.Now, out work));
        Assert.Equal("slot 7, generation 2", work);
        Assert.Equal(1, rig.Leases.Counts.Stale);
    }

    [Fact]
    public void A_broken_stream_gives_all_it_held_to_others_at_once_outside_of_the_budget()
    {
        var rig = new LeaseRig();
        var first = rig.Remote("gpu-1", 12);
        for (var i = 0; i < 12; i++)
        {
            rig.Add($"{i}", 3000 + i);
        }

        var old = Enumerable.Range(0, 12).Select(_ => rig.Offer()!.Value).ToArray();
        var second = rig.Remote("gpu-2", 12);
        Assert.Null(rig.Offer());
        rig.Leases.Lost(first, rig.Now);
        var again = Enumerable.Range(0, 12).Select(_ => rig.Offer()!.Value).ToArray();
        Assert.All(again, o => Assert.Equal((second, 1), (o.Worker, o.Try)));
        Assert.Equal(old.Select(o => o.Work), again.Select(o => o.Work)); // earliest deadline first
        Assert.All(old, o => Assert.Equal(AnswerOutcome.Stale, rig.Answer(first, o.Id)));
        Assert.Equal((12, 0, 12), ((int)rig.Leases.Counts.BreakReoffers, (int)rig.Leases.Counts.Reoffers, (int)rig.Leases.Counts.Stale));
    }

    /// <summary>
    /// A stream stalls until another worker has done what waits in it: that is withdrawn and never written. The worker never saw it, so it has
    /// its credit again and is asked like any other. It once was never asked again: it looked silent, and its credit was spent.
    /// </summary>
    [Fact]
    public void What_was_withdrawn_before_it_was_sent_costs_its_worker_nothing()
    {
        var rig = new LeaseRig();
        var stalled = rig.Remote("gpu-1", 1);
        rig.Add("part", 20_000);
        var unsent = rig.Offer()!.Value;
        var other = rig.Remote("gpu-2", 1);
        rig.Pass(501);
        var again = rig.Offer()!.Value;
        Assert.Equal((other, 2), (again.Worker, again.Try));
        Assert.Equal(AnswerOutcome.Accepted, rig.Answer(other, again.Id));
        rig.Add("next", 20_000);
        Assert.Null(rig.Offer());
        rig.Leases.Unsent(stalled, unsent.Id, WorkStage.Coarse, rig.Now);
        var next = rig.Offer()!.Value;
        Assert.Equal((stalled, "next"), (next.Worker, next.Work));
        Assert.Null(rig.Offer());
        Assert.Equal(AnswerOutcome.Accepted, rig.Answer(stalled, next.Id));
        Assert.Equal(AnswerOutcome.Unknown, rig.Answer(stalled, unsent.Id));
    }

    /// <summary>Its time was over before its turn came: the piece is given up at its deadline; a worker that was silent for something else stays so.</summary>
    [Fact]
    public void What_was_too_late_to_be_sent_clears_nobody_who_is_silent()
    {
        var rig = new LeaseRig();
        var worker = rig.Remote("gpu-1", 2);
        rig.Add("silent", 400);
        rig.Add("unsent", 450);
        var silent = rig.Offer()!.Value;
        var unsent = rig.Offer()!.Value;
        rig.Pass(600);
        Assert.Equal(["silent", "unsent"], rig.Overdue());
        rig.Leases.Unsent(worker, unsent.Id, WorkStage.Coarse, rig.Now);
        rig.Leases.Unsent(new WorkerId(99), unsent.Id, WorkStage.Coarse, rig.Now); // a stream that is gone
        rig.Add("next", 20_000);
        Assert.Null(rig.Offer());
        Assert.Equal(AnswerOutcome.Stale, rig.Answer(worker, silent.Id));
        Assert.Equal("next", rig.Offer()!.Value.Work);
    }

    [Fact]
    public void A_node_that_connects_anew_has_lost_its_old_stream()
    {
        var rig = new LeaseRig();
        var old = rig.Remote("gpu-1", 1);
        rig.Add("part", 3000);
        var offer = rig.Offer()!.Value;
        var now = rig.Remote("gpu-1", 1);
        var again = rig.Offer()!.Value;
        Assert.Equal((now, "part"), (again.Worker, again.Work));
        rig.Leases.Lost(old, rig.Now); // the news of the old stream come late
        Assert.Equal(AnswerOutcome.Stale, rig.Answer(old, offer.Id));
        Assert.Equal(AnswerOutcome.Accepted, rig.Answer(now, again.Id));
    }

    /// <summary>Pulling: whoever is free gets the next, so that each does what it can. Nothing is lost to the slow one, nor to its leases.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void With_one_worker_four_times_slower_throughput_is_nine_tenths_of_the_sum_or_more(int local)
    {
        var plant = new VirtualPlant { Deadline = TimeSpan.FromSeconds(2), RingSlots = 64 };
        plant.Remote("fast", sessions: 1, milliseconds: 20);
        plant.Remote("slow", sessions: 1, milliseconds: 80);
        for (var i = 0; i < local; i++)
        {
            plant.Local(milliseconds: 40);
        }

        plant.Run(Minute, partsEvery: null); // as many as the ring holds
        var possible = 60_000.0 / 20 + 60_000.0 / 80 + (local * 60_000.0 / 40);
        Assert.InRange(plant.Done / possible, 0.9, 1.001);
        Assert.Equal((0, 0), ((int)plant.Leases.Counts.Duplicates, (int)plant.Leases.Counts.GivenUp));
    }

    [Fact]
    public void A_fast_and_a_frozen_worker_do_what_the_fast_one_can()
    {
        var plant = new VirtualPlant { Deadline = TimeSpan.FromSeconds(2), RingSlots = 64 };
        plant.Remote("fast", sessions: 1, milliseconds: 20);
        plant.Remote("frozen", sessions: 1, milliseconds: 20).IsFrozen = true;
        plant.Run(Minute, partsEvery: null);
        Assert.InRange(plant.Done / (60_000.0 / 20), 0.95, 1.001);
        Assert.Equal(0, plant.Leases.Counts.GivenUp);
    }

    /// <summary>Earliest deadline first alone does each time the piece least likely to be in time: a little above capacity all of them were late.</summary>
    [Theory]
    [InlineData(64)] // as many in hand as its part of the ring allows
    [InlineData(2)]
    public void Above_its_capacity_a_worker_still_does_what_it_can_in_time(int credit)
    {
        foreach (var every in new[] { 70, 40, 0 })
        {
            var plant = new VirtualPlant { Deadline = TimeSpan.FromSeconds(2), RingSlots = 32 };
            plant.Remote("gpu-1", sessions: 1, milliseconds: 81, credit);
            plant.Run(Minute, partsEvery: every == 0 ? null : TimeSpan.FromMilliseconds(every));
            Assert.InRange(plant.Done / (60_000.0 / 81), 0.95, 1.001);
        }
    }

    [Fact]
    public void A_slow_models_line_above_its_capacity_does_what_it_can_in_time()
    {
        var plant = new VirtualPlant { Deadline = TimeSpan.FromSeconds(5), RingSlots = 32 };
        plant.Remote("gpu-1", sessions: 1, milliseconds: 700, credit: 2);
        plant.Run(10 * Minute, partsEvery: TimeSpan.FromMilliseconds(500));
        Assert.InRange(plant.Done / (600_000.0 / 700), 0.9, 1.001);
    }

    /// <summary>
    /// It has two batches in hand: what it gets now is done after both. Its time was taken from the last piece it got to the first it gave back,
    /// one batch, and all that was handed over was late.
    /// </summary>
    [Theory]
    [InlineData(13)]
    [InlineData(6)]
    [InlineData(2)]
    public void A_worker_of_this_process_that_batches_does_above_its_capacity_what_it_can_in_time(int every)
    {
        var plant = new VirtualPlant { Deadline = TimeSpan.FromMilliseconds(600), RingSlots = 64 };
        plant.Local(milliseconds: 160, batch: 8);
        plant.Run(Minute, partsEvery: TimeSpan.FromMilliseconds(every));
        Assert.InRange(plant.Done / (8 * 60_000.0 / 160), 0.9, 1.001);
    }

    /// <summary>A quarter of a fast model's time is no time for the answer to become a decision.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(40)]
    public void Above_its_capacity_a_fast_worker_leaves_time_for_the_answers_way_to_the_decision(int milliseconds)
    {
        foreach (var isLocal in new[] { true, false })
        {
            var plant = new VirtualPlant { Deadline = TimeSpan.FromMilliseconds(400), RingSlots = 256, WayBack = TimeSpan.FromMilliseconds(12) };
            if (isLocal)
            {
                plant.Local(milliseconds);
            }
            else
            {
                plant.Remote("gpu-1", sessions: 1, milliseconds);
            }

            plant.Run(Minute, partsEvery: TimeSpan.FromMilliseconds(milliseconds / 2));
            Assert.InRange(plant.Done / (60_000.0 / milliseconds), 0.9, 1.001);
        }
    }
}
