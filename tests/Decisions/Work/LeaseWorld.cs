using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

/// <summary>A sensor node's work and its workers, told by a model of its own what the rules allow; every step is checked against it.</summary>
internal sealed class LeaseWorld
{
    public const int RingSlots = 8;

    public static readonly WorkLeasesOptions Options = new() { Capacity = 10, RingSlots = RingSlots, MaxInHand = 3 };
    public static readonly Digest[] Packages = [Digest.Of("one"u8), Digest.Of("two"u8), Digest.Of("three"u8)];

    private readonly LeaseAudit _audit;

    public LeaseWorld()
    {
        Leases = new WorkLeases<ModelWork>(Options);
        _audit = new LeaseAudit(this);
    }

    public WorkLeases<ModelWork> Leases { get; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromMinutes(1);

    public List<ModelWork> All { get; } = [];

    public List<ModelWorker> Workers { get; } = [];

    public List<ModelOffer> Offers { get; } = [];

    public IEnumerable<ModelWork> Waiting => All.Where(w => w is { Ended: null, LeasedBy: null });

    public void Add(WorkStage stage, int package, TimeSpan left, bool localOnly, int ring)
    {
        var work = new ModelWork(All.Count, new WorkTerms(stage, Packages[package], Now + left) { LocalOnly = localOnly, Ring = ring });
        var live = All.Count(w => w.Ended is null);
        Assert.Equal(live < Options.Capacity, Leases.TryAdd(work, work.Terms, Now));
        if (live < Options.Capacity)
        {
            All.Add(work);
        }

        Settle();
    }

    public ModelWorker JoinLocal(WorkStage stage)
    {
        var worker = new ModelWorker(Leases.JoinLocal(stage), null, stage);
        Workers.Add(worker);
        return worker;
    }

    public ModelWorker Join(NodeId node)
    {
        if (Workers.Find(w => w.Node == node && !w.Gone) is { } before)
        {
            Forget(before);
        }

        var worker = new ModelWorker(Leases.Join(node, Now), node, default);
        Workers.Add(worker);
        Settle();
        return worker;
    }

    public void Holds(ModelWorker worker, int package) => Tell(worker, package, PackageSays.Holds, Leases.Holds);

    public void CanLoad(ModelWorker worker, int package) => Tell(worker, package, PackageSays.CanLoad, Leases.CanLoad);

    public void Lacks(ModelWorker worker, int package) => Tell(worker, package, PackageSays.Lacks, Leases.Lacks);

    public void Credit(ModelWorker worker, WorkStage stage, int count)
    {
        if (worker.IsLocal)
        {
            Leases.Credit(worker.Id, Now);
            worker.Credit[worker.Stage] += worker.Draining || worker.Gone ? 0 : 1;
            _audit.Done(worker);
        }
        else
        {
            Leases.Credit(worker.Id, stage, count);
            worker.Credit[stage] = Math.Min(worker.Credit[stage] + count, Options.Capacity);
        }

        Settle();
    }

    public void Drain(ModelWorker worker)
    {
        Leases.Drain(worker.Id);
        worker.Draining = true;
        Settle();
    }

    public void Lose(ModelWorker worker)
    {
        Leases.Lost(worker.Id, Now);
        Forget(worker);
        Settle();
    }

    /// <summary>Answers an offer as this worker, whether or not it is that worker's to answer.</summary>
    public AnswerOutcome Answer(ModelWorker worker, long offer)
    {
        var outcome = Leases.Answered(worker.Id, offer, Now, out var work);
        _audit.Answered(worker, Offers.Find(o => o.Id == offer), outcome, work);
        Settle();
        return outcome;
    }

    public void Return(ModelWorker worker, long offer)
    {
        var mine = worker.InHand.Find(o => o.Id == offer);
        Assert.Equal(mine is not null && !worker.Gone, Leases.Returned(worker.Id, offer, Now));
        if (mine is not null && !worker.Gone)
        {
            worker.Suspended = false;
            _audit.Returned(worker, mine);
        }

        Settle();
    }

    /// <summary>The offer never left: it was withdrawn, or too late.</summary>
    public void Unsent(ModelWorker worker, ModelOffer offer)
    {
        Leases.Unsent(worker.Id, offer.Id, offer.Work.Terms.Stage, Now);
        _ = worker.InHand.Remove(offer);
        worker.Credit[offer.Work.Terms.Stage]++;
        worker.Suspended = worker.Suspended && worker.InHand.Exists(o => o.Expired);
        Free(offer);
        Settle();
    }

    public void Pass(TimeSpan time)
    {
        Now += time;
        foreach (var worker in Workers.Where(w => !w.Gone))
        {
            foreach (var offer in worker.InHand.Where(o => !o.Expired && o.LeaseUntil <= Now))
            {
                offer.Expired = worker.Suspended = true;
                if (offer.Work.LeasedBy == offer)
                {
                    offer.Work.WaitAgain(needsBudget: true);
                }
            }
        }

        Settle();
    }

    /// <summary>What the shell does after every call, and what must be true then.</summary>
    public void Settle()
    {
        while (Leases.TryTakeOverdue(Now, out var late))
        {
            _audit.GivenUp(late);
        }

        foreach (var worker in Workers) // what nobody will answer any more is no longer in hand
        {
            _ = worker.InHand.RemoveAll(o => o.Expired && o.Work.Ended is not null && o.Work.Terms.Deadline + Options.ForgetAfter <= Now);
        }

        while (Leases.TryOffer(Now, out var offer))
        {
            _audit.Offered(offer);
        }

        _audit.Settled();
    }

    private void Tell(ModelWorker worker, int package, PackageSays says, Action<WorkerId, Digest> tell)
    {
        tell(worker.Id, Packages[package]);
        worker.Says[Packages[package]] = says;
        Settle();
    }

    private static void Forget(ModelWorker worker)
    {
        worker.Gone = true;
        foreach (var offer in worker.InHand)
        {
            Free(offer);
        }

        worker.InHand.Clear();
    }

    private static void Free(ModelOffer offer)
    {
        if (offer.Work.LeasedBy == offer)
        {
            offer.Work.WaitAgain(needsBudget: false);
        }

        offer.Work.NeedsBudget = false;
        offer.Work.Tries--;
    }
}
