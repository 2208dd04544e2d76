using Inspection.Protocol;

namespace Inspection.Decisions.Work;

/// <summary>
/// Who does which work (rules W1-W4, W7): earliest deadline first, workers pull by credit, workers of this process before remote ones.
/// In this process work is handed over for good; a remote worker gets a lease, and where it expires another worker gets the work, too. The
/// first answer counts. Deterministic: every method takes the monotonic now. After any call that changes something, call
/// <see cref="TryTakeOverdue"/> and then <see cref="TryOffer"/> until both say no. No allocation on the way of local work once it has grown
/// to the working size. One thread.
/// </summary>
/// <typeparam name="TWork">What is done; handed over, never copied.</typeparam>
public sealed partial class WorkLeases<TWork>
    where TWork : class
{
    private readonly WorkLeasesOptions _options;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public WorkLeases(WorkLeasesOptions options) => _options = options.Validate();

    /// <summary>All places are taken (<see cref="WorkLeasesOptions.Capacity"/>).</summary>
    public bool IsFull => _options.Capacity == 0;

    public WorkCounts Counts { get; }

    /// <summary>When a lease expires or a deadline comes next: call <see cref="TryTakeOverdue"/> and <see cref="TryOffer"/> then, if not before. Null: nothing runs.</summary>
    public TimeSpan? NextAt => null;

    /// <summary>Takes work, or says no when full: then the source sheds and records it (promise P8).</summary>
    public bool TryAdd(TWork work, in WorkTerms terms, TimeSpan now) => false;

    /// <summary>A worker of this process, of one stage. It can do every package of its stage, has no lease and never expires (rule W1).</summary>
    public WorkerId JoinLocal(WorkStage stage) => default;

    /// <summary>One credit of a local worker. It also says that what it had in hand is done, which teaches its time.</summary>
    public void Credit(WorkerId local, TimeSpan now)
    {
    }

    /// <summary>
    /// A remote node's stream begins; it has no packages and no credit yet. An older stream of the same node is taken for lost
    /// (<see cref="Lost"/>).
    /// </summary>
    public WorkerId Join(NodeId node, TimeSpan now) => default;

    /// <summary>The worker has the package ready to run.</summary>
    public void Holds(WorkerId worker, Digest package)
    {
    }

    /// <summary>The worker has the package at hand and can load it (rule W4).</summary>
    public void CanLoad(WorkerId worker, Digest package)
    {
    }

    /// <summary>The worker has the package no more, or failed to load it: it gets no more work for it.</summary>
    public void Lacks(WorkerId worker, Digest package)
    {
    }

    /// <summary>A remote worker takes so many more pieces of the stage. Unknown workers are ignored: their stream is gone.</summary>
    public void Credit(WorkerId worker, WorkStage stage, int count)
    {
    }

    /// <summary>The worker gets no new work; what it has in hand finishes and its answers count.</summary>
    public void Drain(WorkerId worker)
    {
    }

    /// <summary>The worker left or its stream broke: what it has in hand is offered again at once, outside of the budget (rule W2).</summary>
    public void Lost(WorkerId worker, TimeSpan now)
    {
    }

    /// <summary>The next offer, while there is one; it spends one credit. The caller sends it.</summary>
    public bool TryOffer(TimeSpan now, out Offer<TWork> offer)
    {
        offer = default;
        return false;
    }

    /// <summary>
    /// A remote worker answered. Only <see cref="AnswerOutcome.Accepted"/> is evidence, and gives the work, which has then ended here;
    /// everything else is counted and ignored. Any answer makes a suspended worker eligible again; it gives no credit.
    /// </summary>
    public AnswerOutcome Answered(WorkerId worker, long offer, TimeSpan now, out TWork? work)
    {
        work = null;
        return AnswerOutcome.Unknown;
    }

    /// <summary>
    /// A remote worker gives work back undone (it could not load the package, it is ending). Offered to another worker within the budget;
    /// where that cannot be, <see cref="TryTakeOverdue"/> gives it up. False: the offer is not in its hand.
    /// </summary>
    public bool Returned(WorkerId worker, long offer, TimeSpan now) => false;

    /// <summary>
    /// Rule W7: takes out work that is given up: its deadline came, also while it is leased out (the late answer is then stale), or it has
    /// no chance: no try is left, or less time is left than half of what its fastest worker needs by fresh measurement.
    /// </summary>
    public bool TryTakeOverdue(TimeSpan now, out TWork work)
    {
        work = null!;
        return false;
    }

    public StageStatus Status(WorkStage stage, TimeSpan now) => default;

    /// <summary>Every worker, local ones first, in the order they joined.</summary>
    public IReadOnlyList<WorkerStatus> Workers(TimeSpan now) => [];
}
