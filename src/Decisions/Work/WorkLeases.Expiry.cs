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
    /// no chance: no try is left, or less time is left than half of what its fastest worker needs by fresh measurement.
    /// </summary>
    public bool TryTakeOverdue(TimeSpan now, out TWork work)
    {
        Expire(now);
        foreach (var queue in _queues)
        {
            var piece = _hopeless > 0 ? FirstHopeless(queue) : null;
            if (piece is null && queue.First is { } first && (first.Terms.Deadline <= now || (first.Unanswered == 0 && HasNoChance(queue, first.Terms.Deadline - now, now))))
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
    /// Every worker that may take it was measured lately, and even the fastest needs twice what is left. Old measurements give it a
    /// chance: else a worker that was slow once would never be asked again.
    /// </summary>
    private bool HasNoChance(WorkQueue<TWork> queue, TimeSpan left, TimeSpan now)
    {
        if (left * 2 >= _slowestLearned)
        {
            return false;
        }

        var fastest = TimeSpan.MaxValue;
        foreach (var local in _locals)
        {
            if (local.Stage == queue.Stage && local.MayGetWork && !Fresh(local.Find(queue.Package), ref fastest))
            {
                return false;
            }
        }

        if (!queue.LocalOnly)
        {
            foreach (var remote in _remotes)
            {
                if (remote.MayGetWork && remote.Find(queue.Package) is { Access: not PackageAccess.Lacks } package && !Fresh(package, ref fastest))
                {
                    return false;
                }
            }
        }

        return fastest != TimeSpan.MaxValue && left * 2 < fastest;

        bool Fresh(WorkerPackage? package, ref TimeSpan fastestSoFar)
        {
            if (package?.Of(queue.Stage) is not { IsKnown: true } time || now - time.TaughtAt > _options.EstimateFresh)
            {
                return false;
            }

            fastestSoFar = time.Value < fastestSoFar ? time.Value : fastestSoFar;
            return true;
        }
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
