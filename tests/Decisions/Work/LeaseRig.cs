using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Leases with a clock of their own and one package; times in milliseconds.</summary>
internal sealed class LeaseRig
{
    public static readonly Digest Model = Digest.Of("model"u8);

    public WorkLeases<string> Leases { get; } = new(new WorkLeasesOptions());

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public void Pass(double milliseconds) => Now += TimeSpan.FromMilliseconds(milliseconds);

    public void Add(string work, double left, WorkStage stage = WorkStage.Coarse, bool localOnly = false, bool verifier = false) =>
        Assert.True(Leases.TryAdd(work, new WorkTerms(stage, Model, Now + TimeSpan.FromMilliseconds(left)) { LocalOnly = localOnly, Verifier = verifier ? Model : default }, Now));

    /// <summary>A remote worker that holds the package.</summary>
    public WorkerId Remote(string node, int credit)
    {
        var worker = Leases.Join(new NodeId(node), Now);
        Leases.Holds(worker, Model);
        Leases.Credit(worker, WorkStage.Coarse, credit);
        return worker;
    }

    public Offer<string>? Offer() => Leases.TryOffer(Now, out var offer) ? offer : null;

    public List<string> Overdue()
    {
        var late = new List<string>();
        while (Leases.TryTakeOverdue(Now, out var work))
        {
            late.Add(work);
        }

        return late;
    }

    public AnswerOutcome Answer(WorkerId worker, long offer) => Leases.Answered(worker, offer, Now, out _);

    /// <summary>One piece of work by a remote worker with credit for it, which takes so long and gets its credit back; gives the lease it had.</summary>
    public TimeSpan RoundTrip(WorkerId worker, double takes)
    {
        Add("round trip", 60_000);
        var offer = Offer()!.Value;
        Assert.Equal(worker, offer.Worker);
        Pass(takes);
        Assert.Equal(AnswerOutcome.Accepted, Answer(worker, offer.Id));
        Leases.Credit(worker, WorkStage.Coarse, 1);
        return offer.Lease;
    }

    public void LocalRoundTrip(WorkerId worker, double takes)
    {
        Leases.Credit(worker, Now);
        Add("round trip", 60_000);
        Assert.Equal(worker, Offer()!.Value.Worker);
        Pass(takes);
    }

    /// <summary>So many offers lately that a few re-offers are within the budget.</summary>
    public void Enough()
    {
        var local = Leases.JoinLocal(WorkStage.Coarse);
        for (var i = 0; i < 100; i++)
        {
            LocalRoundTrip(local, 1);
        }
    }

    public (long Added, long HandedOver, long GivenUp) Ends() => (Leases.Counts.Added, Leases.Counts.HandedOver, Leases.Counts.GivenUp);
}
