using Inspection.Protocol;

namespace Inspection.Decisions.Work;

/// <summary>How one stage's queue stands.</summary>
/// <param name="Waiting">Pieces of work that no worker has.</param>
/// <param name="LeasedOut">Pieces of work that remote workers have.</param>
/// <param name="OldestAge">How long the one that waits longest has waited; 0 where none waits.</param>
/// <param name="LocalCredit">Workers of this process that are free.</param>
/// <param name="RemoteCredit">Credit of remote workers that may get work (not drained, not overdue).</param>
/// <param name="ShortFor">In all so far: time with work waiting and no credit.</param>
public readonly record struct StageStatus(int Waiting, int LeasedOut, TimeSpan OldestAge, int LocalCredit, int RemoteCredit, TimeSpan ShortFor)
{
    public int Credit => LocalCredit + RemoteCredit;
}

/// <summary>How one worker stands.</summary>
/// <param name="Worker">Who.</param>
/// <param name="Node">The remote node; null for a worker of this process.</param>
/// <param name="CoarseCredit">Unused credit.</param>
/// <param name="VerifyCredit">Unused credit.</param>
/// <param name="InHand">Offers it has not answered.</param>
/// <param name="OldestInHand">How long it has had the oldest of them; 0 where it has none. A local session that overruns shows here (rule W1).</param>
/// <param name="Draining">It gets no new work.</param>
/// <param name="Suspended">A lease of it expired and it has not answered since: it gets no work (rule W2).</param>
public sealed record WorkerStatus(
    WorkerId Worker,
    NodeId? Node,
    int CoarseCredit,
    int VerifyCredit,
    int InHand,
    TimeSpan OldestInHand,
    bool Draining,
    bool Suspended);

/// <summary>Counted since the start; each only grows.</summary>
/// <param name="Added">Work taken in. Added = HandedOver + Answered + GivenUp + what is waiting or leased out.</param>
/// <param name="Refused">Work refused because all places were taken.</param>
/// <param name="HandedOver">Work given to a worker of this process.</param>
/// <param name="Answered">Work whose answer counted.</param>
/// <param name="GivenUp">Work taken out overdue or without a chance (rule W7).</param>
/// <param name="Offers">All offers made, hand-overs included.</param>
/// <param name="Reoffers">Of them: after an expired lease or a return, within the budget (rule W2).</param>
/// <param name="BreakReoffers">Of them: after a broken stream, outside of the budget.</param>
/// <param name="Expirations">Leases that expired.</param>
/// <param name="Duplicates">See <see cref="AnswerOutcome.Duplicate"/>.</param>
/// <param name="Stale">See <see cref="AnswerOutcome.Stale"/>.</param>
/// <param name="Unknown">See <see cref="AnswerOutcome.Unknown"/>.</param>
public readonly record struct WorkCounts(
    long Added,
    long Refused,
    long HandedOver,
    long Answered,
    long GivenUp,
    long Offers,
    long Reoffers,
    long BreakReoffers,
    long Expirations,
    long Duplicates,
    long Stale,
    long Unknown);
