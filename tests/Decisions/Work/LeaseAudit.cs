using Inspection.Decisions.Work;

namespace Inspection.Decisions.Tests.Work;

/// <summary>What must hold at each offer, answer and giving up, and after each step.</summary>
internal sealed class LeaseAudit(LeaseWorld world)
{
    private readonly List<(TimeSpan At, bool Reoffer)> _offers = [];
    private TimeSpan _slowest;

    private static WorkLeasesOptions Options => LeaseWorld.Options;

    public void Offered(in Offer<ModelWork> offer)
    {
        var (id, work, by) = (offer.Worker, offer.Work, offer);
        var worker = Assert.Single(world.Workers, w => w.Id == id);
        Assert.True(work.Ended is null && work.LeasedBy is null, $"{work} is offered and was {work.Ended}, leased {work.LeasedBy is not null}");
        Assert.True(worker.MayGetWork, $"{worker.Id}: gone {worker.Gone}, draining {worker.Draining}, suspended {worker.Suspended}");
        Assert.True(worker.Credit[work.Terms.Stage] > 0, $"{worker.Id} has no credit");
        Assert.True(worker.HasRoomFor(work, Options), $"{worker.Id} has no room for {work}, or had it already");
        Assert.InRange(offer.Lease, TimeSpan.FromTicks(1), worker.IsLocal ? TimeSpan.MaxValue : work.Terms.Deadline - world.Now);
        Assert.Equal((worker.IsLocal, work.Terms, ++work.Tries), (by.IsLocal, by.Terms, by.Try));
        Assert.InRange(work.Tries, 1, Options.MaxTries);
        InOrder(worker, work, offer.MustLoad);
        WithinBudget(work.NeedsBudget);
        worker.Credit[work.Terms.Stage]--;
        if (worker.IsLocal)
        {
            worker.Doing.Enqueue(world.Now);
            work.End(Ending.HandedOver);
            return;
        }

        work.LeasedBy = new ModelOffer(offer.Id, work, worker, world.Now, world.Now + offer.Lease, offer.MustLoad);
        Assert.DoesNotContain(world.Offers, o => o.Id == by.Id);
        world.Offers.Add(work.LeasedBy);
        worker.InHand.Add(work.LeasedBy);
    }

    public void Done(ModelWorker local)
    {
        if (!local.Gone && local.Doing.TryDequeue(out var since))
        {
            Slow(world.Now - since);
        }
    }

    public void Answered(ModelWorker worker, ModelOffer? offer, AnswerOutcome outcome, ModelWork? work)
    {
        worker.Suspended = false;
        var mine = offer is not null && worker.InHand.Remove(offer);
        var expected = worker.Gone ? AnswerOutcome.Stale
            : !mine ? (offer is not null && worker.HasAnswered.Contains(offer.Id) ? AnswerOutcome.Duplicate : AnswerOutcome.Unknown)
            : offer!.Work.Ended switch
            {
                null => AnswerOutcome.Accepted,
                Ending.GivenUp => AnswerOutcome.Stale,
                _ => AnswerOutcome.Duplicate,
            };
        Assert.True(outcome == expected || (!mine && outcome is AnswerOutcome.Unknown or AnswerOutcome.Duplicate), $"{worker.Id} answered {offer?.Id}: {outcome} instead of {expected}");
        Assert.Equal(outcome == AnswerOutcome.Accepted ? offer!.Work : null, work);
        work?.End(Ending.Answered);
        if (mine)
        {
            Done(worker, offer!);
            Slow(world.Now - offer!.MadeAt);
        }
    }

    public void Returned(ModelWorker worker, ModelOffer offer)
    {
        _ = worker.InHand.Remove(offer);
        _ = worker.HasAnswered.Add(offer.Id);
        if (offer.Work.Ended is null)
        {
            offer.Work.ReturnedBy = worker;
            if (offer.Work.LeasedBy == offer)
            {
                offer.Work.WaitAgain(needsBudget: true);
            }
        }
    }

    /// <summary>Rule W7: at its deadline, with no try left, or where no measured worker could do it.</summary>
    public void GivenUp(ModelWork work)
    {
        var left = work.Terms.Deadline - world.Now;
        var noTry = work.Tries >= Options.MaxTries && work.ReturnedBy is not null;
        Assert.True(left <= TimeSpan.Zero || noTry || left <= (Options.NeedFactor * _slowest) + Options.AnswerTime, $"{work} was given up {left} before its deadline");
        work.End(Ending.GivenUp);
    }

    public void Settled()
    {
        foreach (var work in world.All.Where(w => w.Ended is null))
        {
            Assert.True(work.Terms.Deadline > world.Now, $"{work} is overdue and was not given up");
        }

        // promise: nothing that may be offered waits while a worker that has its package is free; after a broken stream at once
        foreach (var work in world.Waiting.Where(w => !w.NeedsBudget))
        {
            Assert.DoesNotContain(world.Workers, w => w.MayGetWork && w.Credit[work.Terms.Stage] > 0 && w.Holds(work) && w.HasRoomFor(work, Options));
        }

        var counts = world.Leases.Counts;
        var byEnd = world.All.ToLookup(w => w.Ended);
        Assert.Equal(
            (world.All.Count, byEnd[Ending.HandedOver].Count(), byEnd[Ending.Answered].Count(), byEnd[Ending.GivenUp].Count()),
            ((int)counts.Added, (int)counts.HandedOver, (int)counts.Answered, (int)counts.GivenUp));
        Assert.Equal((_offers.Count, _offers.Count(o => o.Reoffer)), ((int)counts.Offers, (int)counts.Reoffers));
        foreach (var stage in new[] { WorkStage.Coarse, WorkStage.Verify })
        {
            var status = world.Leases.Status(stage, world.Now);
            Assert.Equal(world.Waiting.Count(w => w.Terms.Stage == stage), status.Waiting);
            Assert.Equal(world.All.Count(w => w.LeasedBy is not null && w.Terms.Stage == stage), status.LeasedOut);
            Assert.Equal(world.Workers.Where(w => w.MayGetWork).Sum(w => w.Credit[stage]), status.Credit);
        }
    }

    /// <summary>What the first answer to a package's first use says: it is loaded now.</summary>
    private static void Done(ModelWorker worker, ModelOffer offer)
    {
        _ = worker.HasAnswered.Add(offer.Id);
        if (offer.MustLoad && worker.Says[offer.Work.Terms.Package] == PackageSays.CanLoad)
        {
            worker.Says[offer.Work.Terms.Package] = PackageSays.Holds;
        }
    }

    private void Slow(TimeSpan took) => _slowest = took > _slowest ? took : _slowest;

    /// <summary>Rules W1, W4: local before remote, holders before loaders, and each gets the earliest it may have.</summary>
    private void InOrder(ModelWorker worker, ModelWork work, bool mustLoad)
    {
        var stage = work.Terms.Stage;
        var free = world.Workers.Where(w => w.MayGetWork && w.Credit[stage] > 0).ToArray();
        if (!worker.IsLocal)
        {
            Assert.DoesNotContain(free, w => w.IsLocal && w.Stage == stage);
            Assert.Equal(mustLoad ? PackageSays.CanLoad : PackageSays.Holds, worker.Says.GetValueOrDefault(work.Terms.Package));
        }

        if (mustLoad)
        {
            Assert.DoesNotContain(free, w => w.Holds(work) && w.HasRoomFor(work, Options));
            return;
        }

        var first = world.Waiting
            .Where(w => w.Terms.Stage == stage && !w.NeedsBudget && worker.Holds(w) && worker.HasRoomFor(w, Options))
            .Select(w => (TimeSpan?)w.Terms.Deadline).Min();
        Assert.True(first is null || work.Terms.Deadline <= first, $"{work} was offered before one with an earlier deadline");
        var isFirst = world.Offers.TrueForAll(o => o.Work != work);
        if (isFirst)
        {
            Assert.DoesNotContain(world.Waiting, w => world.Offers.TrueForAll(o => o.Work != w) && w.Terms == work.Terms && w.Number < work.Number);
        }
    }

    /// <summary>Rule W2: with this one, re-offers are at most a tenth of the offers of the last ten buckets of a second, or two.</summary>
    private void WithinBudget(bool reoffer)
    {
        if (reoffer)
        {
            var bucket = Options.BudgetWindow.Ticks / 10;
            var window = _offers.Where(o => o.At.Ticks / bucket > (world.Now.Ticks / bucket) - 10).ToArray();
            Assert.InRange(window.Count(o => o.Reoffer) + 1, 1, Math.Max(Options.FewestReoffers, window.Length / 10));
        }

        _offers.Add((world.Now, reoffer));
    }
}
