namespace Inspection.Decisions.Work;

// numbers for metrics and health
public sealed partial class WorkLeases<TWork>
{
    private long _added;
    private long _refused;
    private long _handedOver;
    private long _answered;
    private long _givenUp;
    private long _offers;
    private long _reoffers;
    private long _breakReoffers;
    private long _expirations;
    private long _duplicates;
    private long _stale;
    private long _unknown;
    private Shortage _coarseShortage;
    private Shortage _verifyShortage;

    public WorkCounts Counts => new(
        _added, _refused, _handedOver, _answered, _givenUp, _offers, _reoffers, _breakReoffers, _expirations, _duplicates, _stale, _unknown);

    public StageStatus Status(WorkStage stage, TimeSpan now)
    {
        var (waiting, oldest) = (0, now);
        foreach (var queue in _queues)
        {
            if (queue.Stage == stage)
            {
                waiting += queue.Count;
                for (var piece = queue.First; piece is not null; piece = piece.Next)
                {
                    oldest = piece.WaitingSince < oldest ? piece.WaitingSince : oldest;
                }
            }
        }

        var shortage = stage == WorkStage.Coarse ? _coarseShortage : _verifyShortage;
        return new StageStatus(waiting, LeasedOut(stage), now - oldest, Credit(_locals, stage), Credit(_remotes, stage), shortage.Total(now));
    }

    /// <summary>Every worker, local ones first, in the order they joined.</summary>
    public IReadOnlyList<WorkerStatus> Workers(TimeSpan now) => [.. _locals.Concat(_remotes).Select(w => Status(w, now))];

    private static WorkerStatus Status(LeaseWorker<TWork> worker, TimeSpan now)
    {
        var (inHand, oldest) = worker.Doing.TryPeek(out var first) ? (worker.Doing.Count, first.Since) : (0, now);
        foreach (var held in worker.Held)
        {
            inHand++;
            oldest = held.OfferedAt < oldest ? held.OfferedAt : oldest;
        }

        return new WorkerStatus(
            worker.Id, worker.Node, worker.CreditOf(WorkStage.Coarse), worker.CreditOf(WorkStage.Verify), inHand, now - oldest, worker.Draining, worker.Suspended);
    }

    private int LeasedOut(WorkStage stage)
    {
        var count = 0;
        foreach (var worker in _remotes)
        {
            foreach (var held in worker.Held)
            {
                count += held.Piece.State == PieceState.Leased && held.Piece.LeaseOffer == held.Id && held.Piece.Terms.Stage == stage ? 1 : 0;
            }
        }

        return count;
    }

    private static int Credit(List<LeaseWorker<TWork>> workers, WorkStage stage)
    {
        var count = 0;
        foreach (var worker in workers)
        {
            count += worker.FreeFor(stage);
        }

        return count;
    }

    private void NoteShortage(TimeSpan now)
    {
        _coarseShortage = _coarseShortage.At(IsShort(WorkStage.Coarse), now);
        _verifyShortage = _verifyShortage.At(IsShort(WorkStage.Verify), now);
    }

    private bool IsShort(WorkStage stage)
    {
        var waits = false;
        foreach (var queue in _queues)
        {
            waits |= queue.Stage == stage;
        }

        return waits && Credit(_locals, stage) == 0 && Credit(_remotes, stage) == 0;
    }

    /// <summary>Time with work waiting and no credit: in all before, and since when now.</summary>
    private readonly record struct Shortage(TimeSpan Before, TimeSpan? Since)
    {
        public Shortage At(bool isShort, TimeSpan now) =>
            isShort == Since.HasValue ? this : isShort ? this with { Since = now } : new Shortage(Total(now), null);

        public TimeSpan Total(TimeSpan now) => Before + (Since is { } since ? now - since : TimeSpan.Zero);
    }
}
