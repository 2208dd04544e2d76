using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Work;

internal enum PackageSays
{
    Lacks,
    CanLoad,
    Holds,
}

internal enum Ending
{
    HandedOver,
    Answered,
    GivenUp,
}

internal sealed class ModelWork(int number, WorkTerms terms)
{
    public int Number => number;

    public WorkTerms Terms => terms;

    public Ending? Ended { get; private set; }

    public ModelOffer? LeasedBy { get; set; }

    public int Tries { get; set; }

    public bool NeedsBudget { get; set; }

    public ModelWorker? ReturnedBy { get; set; }

    public void End(Ending how)
    {
        Assert.True(Ended is null, $"work {number} ended as {Ended} and again as {how}");
        (Ended, LeasedBy) = (how, null);
    }

    public void WaitAgain(bool needsBudget) => (LeasedBy, NeedsBudget) = (null, needsBudget);

    public override string ToString() => $"work {number}";
}

internal sealed class ModelOffer(long id, ModelWork work, ModelWorker worker, TimeSpan madeAt, TimeSpan leaseUntil, bool mustLoad)
{
    public long Id => id;

    public ModelWork Work => work;

    public ModelWorker Worker => worker;

    public TimeSpan MadeAt => madeAt;

    public TimeSpan LeaseUntil => leaseUntil;

    public bool MustLoad => mustLoad;

    public bool Expired { get; set; }
}

internal sealed class ModelWorker(WorkerId id, NodeId? node, WorkStage stage)
{
    public WorkerId Id => id;

    public NodeId? Node => node;

    public WorkStage Stage => stage;

    public bool IsLocal => node is null;

    public Dictionary<WorkStage, int> Credit { get; } = new() { [WorkStage.Coarse] = 0, [WorkStage.Verify] = 0 };

    public Dictionary<Digest, PackageSays> Says { get; } = [];

    public List<ModelOffer> InHand { get; } = [];

    public HashSet<long> HasAnswered { get; } = [];

    public Queue<TimeSpan> Doing { get; } = new();

    public bool Draining { get; set; }

    public bool Suspended { get; set; }

    public bool Gone { get; set; }

    public bool MayGetWork => !Gone && !Draining && !Suspended;

    public bool Holds(ModelWork work) => IsLocal ? Stage == work.Terms.Stage : Says.GetValueOrDefault(work.Terms.Package) == PackageSays.Holds;

    public bool HasRoomFor(ModelWork work, WorkLeasesOptions options) =>
        IsLocal
        || (InHand.Count < options.MaxInHand
            && InHand.Count(o => o.Work.Terms.Ring == work.Terms.Ring) < Math.Max(1, options.RingSlots / 4)
            && InHand.TrueForAll(o => o.Work != work)
            && work.ReturnedBy != this
            && !work.Terms.LocalOnly);
}
