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
    private readonly ReofferBudget _budget;
    private readonly List<WorkQueue<TWork>> _queues = [];
    private readonly Stack<WorkQueue<TWork>> _spareQueues = new();
    private readonly Stack<WorkPiece<TWork>> _sparePieces = new();
    private int _live;
    private long _lastOffer;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public WorkLeases(WorkLeasesOptions options)
    {
        _options = options.Validate();
        _budget = new ReofferBudget(options);
    }

    /// <summary>All places are taken (<see cref="WorkLeasesOptions.Capacity"/>).</summary>
    public bool IsFull => _live >= _options.Capacity;

    /// <summary>Takes work, or says no when full: then the source sheds and records it (promise P8).</summary>
    public bool TryAdd(TWork work, in WorkTerms terms, TimeSpan now)
    {
        if (IsFull)
        {
            _refused++;
            return false;
        }

        if (!_sparePieces.TryPop(out var piece))
        {
            piece = new WorkPiece<TWork>();
        }

        piece.Begin(work, terms, now);
        Enqueue(piece);
        _live++;
        _added++;
        return true;
    }

    /// <summary>
    /// A remote worker answered. Only <see cref="AnswerOutcome.Accepted"/> is evidence, and gives the work, which has then ended here;
    /// everything else is counted and ignored. Any answer makes a suspended worker eligible again; it gives no credit.
    /// </summary>
    public AnswerOutcome Answered(WorkerId worker, long offer, TimeSpan now, out TWork? work)
    {
        work = null;
        if (!_workers.TryGetValue(worker.Value, out var by))
        {
            _stale++;
            return AnswerOutcome.Stale;
        }

        by.Suspended = false;
        var at = by.IndexOf(offer);
        if (at < 0)
        {
            return Unexpected(by, offer);
        }

        var held = by.Held[at];
        TakeFromHand(by, at);
        Teach(by, held, now);
        var piece = held.Piece;
        var outcome = piece.State switch
        {
            PieceState.Answered => AnswerOutcome.Duplicate,
            PieceState.GivenUp => AnswerOutcome.Stale,
            _ => AnswerOutcome.Accepted,
        };
        switch (outcome)
        {
            case AnswerOutcome.Accepted:
                Dequeue(piece);
                work = End(piece, PieceState.Answered);
                _answered++;
                break;
            case AnswerOutcome.Duplicate:
                _duplicates++;
                break;
            default:
                _stale++;
                break;
        }

        Reuse(piece);
        return outcome;
    }

    /// <summary>
    /// A remote worker gives work back undone (it could not load the package, it is ending). Offered to another worker within the budget;
    /// where that cannot be, <see cref="TryTakeOverdue"/> gives it up. False: the offer is not in its hand.
    /// </summary>
    public bool Returned(WorkerId worker, long offer, TimeSpan now)
    {
        if (!_workers.TryGetValue(worker.Value, out var by) || by.IndexOf(offer) is not (>= 0 and var at))
        {
            return false;
        }

        by.Suspended = false;
        var held = by.Held[at];
        var piece = held.Piece;
        TakeFromHand(by, at);
        by.NotLoading(held);
        if (!piece.HasEnded)
        {
            piece.ReturnedBy = worker;
            if (piece.State == PieceState.Leased && piece.LeaseOffer == offer)
            {
                WaitAgain(piece, now);
            }

            if (piece is { State: PieceState.Waiting, Unanswered: 0, NoTryLeft: false } && piece.Tries >= _options.MaxTries)
            {
                piece.NoTryLeft = true;
                _hopeless++;
            }
        }

        Reuse(piece);
        return true;
    }

    private AnswerOutcome Unexpected(LeaseWorker<TWork> worker, long offer)
    {
        if (worker.HasAnswered(offer))
        {
            _duplicates++;
            return AnswerOutcome.Duplicate;
        }

        _unknown++;
        return AnswerOutcome.Unknown;
    }

    private void TakeFromHand(LeaseWorker<TWork> worker, int at)
    {
        var held = worker.Held[at];
        worker.Held.RemoveAt(at);
        worker.Remember(held.Id);
        held.Piece.Unanswered--;
    }

    /// <summary>From offer to answer, expired or not: a slow worker is learned to be slow. A first use measures the loading, not the work.</summary>
    private void Teach(LeaseWorker<TWork> worker, in HeldOffer<TWork> held, TimeSpan now)
    {
        var terms = held.Piece.Terms;
        var package = worker.FindOrAdd(terms.Package);
        if (held.MustLoad)
        {
            package.Access = package.Access == PackageAccess.Lacks ? PackageAccess.Lacks : PackageAccess.Holds;
            return;
        }

        Teach(package.Of(terms.Stage), now - held.OfferedAt, now);
    }

    private void Teach(LearnedTime time, TimeSpan took, TimeSpan now)
    {
        time.Teach(took, now);
        _slowestLearned = time.Value > _slowestLearned ? time.Value : _slowestLearned;
    }

    /// <summary>Its lease ended without an answer: it waits for another worker.</summary>
    private void WaitAgain(WorkPiece<TWork> piece, TimeSpan now)
    {
        (piece.State, piece.LeaseOffer, piece.WaitingSince) = (PieceState.Waiting, 0, now);
        (piece.NeedsBudget, piece.AfterBreak) = (true, false);
        Enqueue(piece);
    }

    private void Enqueue(WorkPiece<TWork> piece)
    {
        foreach (var queue in _queues)
        {
            if (queue.Takes(piece.Terms))
            {
                queue.Add(piece);
                return;
            }
        }

        if (!_spareQueues.TryPop(out var fresh))
        {
            fresh = new WorkQueue<TWork>();
        }

        fresh.Begin(piece.Terms);
        _queues.Add(fresh);
        fresh.Add(piece);
    }

    /// <summary>Out of its queue, if it is in one. A queue nobody waits in is used for another package.</summary>
    private void Dequeue(WorkPiece<TWork> piece)
    {
        if (piece.Queue is not { } queue)
        {
            return;
        }

        queue.Remove(piece);
        if (queue.Count == 0)
        {
            _ = _queues.Remove(queue);
            _spareQueues.Push(queue);
        }
    }

    private TWork End(WorkPiece<TWork> piece, PieceState how)
    {
        _live--;
        _hopeless -= piece.NoTryLeft ? 1 : 0;
        return piece.End(how);
    }

    private void Reuse(WorkPiece<TWork> piece)
    {
        if (piece is { HasEnded: true, Unanswered: 0 })
        {
            _sparePieces.Push(piece);
        }
    }
}
