using Inspection.Protocol;

namespace Inspection.Decisions.Work;

// what time does: leases expire, deadlines come (rules W2, W7)
public sealed partial class WorkLeases<TWork>
{
    private TimeSpan _nextExpiry = TimeSpan.MaxValue;
    private TimeSpan _slowestLearned;
    private int _hopeless;

    /// <summary>
    /// When a lease expires or a deadline comes next: call <see cref="TryTakeOverdue"/> and <see cref="TryOffer"/> then, if not before.
    /// Null: nothing runs.
    /// </summary>
    public TimeSpan? NextAt
    {
        get
        {
            var next = _nextExpiry;
            foreach (var queue in _queues)
            {
                var deadline = queue.First!.Terms.Deadline;
                next = deadline < next ? deadline : next;
            }

            return next == TimeSpan.MaxValue ? null : next;
        }
    }

    /// <summary>
    /// Rule W7: takes out work that is given up: its deadline came, also while it is leased out (the late answer is then stale), or it has
    /// no chance: no try is left, or less time is left than its fastest worker needs by fresh measurement.
    /// </summary>
    public bool TryTakeOverdue(TimeSpan now, out TWork work)
    {
        Expire(now);
        foreach (var queue in _queues)
        {
            var piece = _hopeless > 0 ? FirstHopeless(queue) : null;
            if (piece is null && queue.First is { } first && (first.Terms.Deadline <= now || (first.Unanswered == 0 && HasNoChance(queue, first, now))))
            {
                piece = first;
            }

            if (piece is not null)
            {
                Dequeue(piece);
                work = End(piece, PieceState.GivenUp);
                Reuse(piece);
                _givenUp++;
                return true;
            }
        }

        work = null!;
        return false;
    }

    private static WorkPiece<TWork>? FirstHopeless(WorkQueue<TWork> queue)
    {
        var piece = queue.First;
        while (piece is not null && !piece.NoTryLeft)
        {
            piece = piece.Next;
        }

        return piece;
    }

    /// <summary>
    /// Every worker that may take it was measured lately, and even the fastest would be late. While others wait behind it, a coarse piece needs
    /// the verifier's time, too: a candidate that comes too late for it took the place of one that had time for both; and any piece needs the
    /// time that its answer takes to become a decision. Without this, earliest deadline first does each time the piece least likely to be in
    /// time, and a line a little above its capacity decides nothing.
    /// Old measurements give a chance: else a worker that was slow once would never be asked again.
    /// </summary>
    private bool HasNoChance(WorkQueue<TWork> queue, WorkPiece<TWork> piece, TimeSpan now)
    {
        var left = piece.Terms.Deadline - now;
        if (left >= (2 * _options.NeedFactor * _slowestLearned) + _options.AnswerTime || Fastest(queue.Stage, queue.Package, queue.LocalOnly, now) is not { } fastest)
        {
            return false;
        }

        if (piece is { Terms.Verifier: { IsNone: false } verifier, Next: not null } && Fastest(WorkStage.Verify, verifier, queue.LocalOnly, now) is { } verify)
        {
            fastest += verify;
        }

        return left < (_options.NeedFactor * fastest) + (piece.Next is null ? TimeSpan.Zero : _options.AnswerTime);
    }

    /// <summary>Learned time of the fastest worker for a package; null where one that may take it was not measured lately, or none may.</summary>
    private TimeSpan? Fastest(WorkStage stage, in Digest package, bool localOnly, TimeSpan now)
    {
        var fastest = TimeSpan.MaxValue;
        foreach (var local in _locals)
        {
            if (local.Stage == stage && local.MayGetWork && !IsFresh(local.Find(package), stage, now, ref fastest))
            {
                return null;
            }
        }

        if (!localOnly)
        {
            foreach (var remote in _remotes)
            {
                if (remote.MayGetWork && remote.Find(package) is { Access: not PackageAccess.Lacks } known && !IsFresh(known, stage, now, ref fastest))
                {
                    return null;
                }
            }
        }

        return fastest == TimeSpan.MaxValue ? null : fastest;
    }

    /// <summary>A worker that is busy is measured at least once in its own time.</summary>
    private bool IsFresh(WorkerPackage? package, WorkStage stage, TimeSpan now, ref TimeSpan fastest)
    {
        if (package?.Of(stage) is not { IsKnown: true } time || (now - time.TaughtAt > _options.EstimateFresh && now - time.TaughtAt > 2 * time.Value))
        {
            return false;
        }

        fastest = time.Value < fastest ? time.Value : fastest;
        return true;
    }

    /// <summary>Ends the leases whose time has come and forgets what nobody will answer any more; finds when to look next.</summary>
    private void Expire(TimeSpan now)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = TimeSpan.MaxValue;
        foreach (var worker in _remotes)
        {
            for (var i = worker.Held.Count - 1; i >= 0; i--)
            {
                var held = worker.Held[i];
                if (!held.Expired && held.ExpiresAt <= now)
                {
                    Expire(worker, i, now);
                }

                var next = held.ExpiresAt > now ? held.ExpiresAt : held.Piece.Terms.Deadline + _options.ForgetAfter;
                if (next <= now && held.Piece.HasEnded)
                {
                    TakeFromHand(worker, i);
                    Reuse(held.Piece);
                    continue;
                }

                _nextExpiry = next < _nextExpiry ? next : _nextExpiry;
            }
        }
    }

    private void Expire(LeaseWorker<TWork> worker, int at, TimeSpan now)
    {
        var held = worker.Held[at];
        worker.Held[at] = held with { Expired = true };
        worker.Suspended = true;
        _expirations++;
        if (held.Piece.State == PieceState.Leased && held.Piece.LeaseOffer == held.Id)
        {
            WaitAgain(held.Piece, now);
        }
    }
}
