namespace Inspection.Decisions.Work;

// who gets what: workers of this process, then holders of the package, then those that can load it (rules W1, W3, W4)
public sealed partial class WorkLeases<TWork>
{
    /// <summary>Pieces that the search for one that no holder can do in time looks at; those further back come nearer before it is too late.</summary>
    private const int LookAhead = 128;

    private readonly HolderEstimate _holders = new();

    /// <summary>
    /// The next offer, while there is one; it spends one credit. The caller sends it. Verify first: that frame's coarse work is done already,
    /// and both share the worker's part of the ring.
    /// </summary>
    public bool TryOffer(TimeSpan now, out Offer<TWork> offer)
    {
        Expire(now);
        if (TryOffer(WorkStage.Verify, now, out offer) || TryOffer(WorkStage.Coarse, now, out offer))
        {
            return true;
        }

        NoteShortage(now);
        return false;
    }

    private bool TryOffer(WorkStage stage, TimeSpan now, out Offer<TWork> offer)
    {
        if (NextLocal(stage) is { } local && EarliestFor(null, stage, now) is { } piece)
        {
            offer = HandOver(local, piece, now);
            return true;
        }

        if (BestRemote(stage, PackageAccess.Holds, now) is var holder && holder.Worker is not null)
        {
            offer = Lease(holder.Worker, holder.Piece!, false, now);
            return true;
        }

        if (BestRemote(stage, PackageAccess.CanLoad, now) is var loader && loader.Worker is not null)
        {
            offer = Lease(loader.Worker, loader.Piece!, true, now);
            return true;
        }

        offer = default;
        return false;
    }

    /// <summary>The earliest piece any free worker of that kind may have; among its workers the one expected to answer first.</summary>
    private (LeaseWorker<TWork>? Worker, WorkPiece<TWork>? Piece) BestRemote(WorkStage stage, PackageAccess access, TimeSpan now)
    {
        (LeaseWorker<TWork>? Worker, WorkPiece<TWork>? Piece, double Expected) best = default;
        foreach (var worker in _remotes)
        {
            if (worker.FreeFor(stage) == 0)
            {
                continue;
            }

            foreach (var queue in _queues)
            {
                if (queue.Stage != stage || queue.LocalOnly || worker.Find(queue.Package) is not { } package || !Fits(package.Access, access))
                {
                    continue;
                }

                var piece = access == PackageAccess.Holds ? FirstFor(worker, queue, now) : FirstThatHoldersMiss(worker, queue, now);
                if (piece is null)
                {
                    continue;
                }

                var expected = Expected(worker, package.Of(stage), stage);
                if (best.Piece is null || IsBefore(piece, best.Piece) || (piece == best.Piece && IsBetter(worker, expected, best.Worker!, best.Expected)))
                {
                    best = (worker, piece, expected);
                }
            }
        }

        return (best.Worker, best.Piece);
    }

    private static bool Fits(PackageAccess has, PackageAccess asked) =>
        asked == PackageAccess.Holds ? has == PackageAccess.Holds : has is PackageAccess.CanLoad or PackageAccess.Loading;

    private static bool IsBefore(WorkPiece<TWork> piece, WorkPiece<TWork> other) => piece.Terms.Deadline < other.Terms.Deadline;

    private static bool IsBetter(LeaseWorker<TWork> worker, double expected, LeaseWorker<TWork> other, double otherExpected) =>
        expected < otherExpected || (expected == otherExpected && worker.LastOffer < other.LastOffer);

    /// <summary>Learned time, more where much is in hand already. Unknown is 0: it is tried, and then known.</summary>
    private static double Expected(LeaseWorker<TWork> worker, LearnedTime time, WorkStage stage)
    {
        double held = worker.HeldOf(stage);
        return time.Or(TimeSpan.Zero).Ticks * (1 + (held / (held + worker.CreditOf(stage))));
    }

    /// <summary>Over all queues of the stage, for a worker of this process (null) that may have any of them.</summary>
    private WorkPiece<TWork>? EarliestFor(LeaseWorker<TWork>? worker, WorkStage stage, TimeSpan now)
    {
        WorkPiece<TWork>? best = null;
        foreach (var queue in _queues)
        {
            if (queue.Stage == stage && FirstFor(worker, queue, now) is { } piece && (best is null || IsBefore(piece, best)))
            {
                best = piece;
            }
        }

        return best;
    }

    private WorkPiece<TWork>? FirstFor(LeaseWorker<TWork>? worker, WorkQueue<TWork> queue, TimeSpan now)
    {
        var piece = queue.First;
        while (piece is not null && !MayHave(worker, piece, now))
        {
            piece = piece.Next;
        }

        return piece;
    }

    private bool MayHave(LeaseWorker<TWork>? worker, WorkPiece<TWork> piece, TimeSpan now) =>
        piece.Terms.Deadline > now
        && piece.Tries < _options.MaxTries
        && (!piece.NeedsBudget || _budget.Allows(now))
        && (worker is null || worker.MayHold(piece, _options));

    /// <summary>Rule W4: the earliest piece that the holders' learned time and queue say would be late with them.</summary>
    private WorkPiece<TWork>? FirstThatHoldersMiss(LeaseWorker<TWork> worker, WorkQueue<TWork> queue, TimeSpan now)
    {
        EstimateHolders(queue);
        var (piece, position) = (queue.First, 0);
        while (piece is not null && position < LookAhead)
        {
            var late = piece.ReturnedBy != default || !_holders.InTime(position, piece.Terms.Deadline - now); // who gave it back won't do it
            if (late && MayHave(worker, piece, now))
            {
                return piece;
            }

            (piece, position) = (piece.Next, position + 1);
        }

        return null;
    }

    private void EstimateHolders(WorkQueue<TWork> queue)
    {
        _holders.Clear();
        foreach (var local in _locals)
        {
            if (local.Stage == queue.Stage && local.MayGetWork)
            {
                var time = local.Find(queue.Package)?.Of(queue.Stage).Or(_options.AssumedTime) ?? _options.AssumedTime;
                _holders.Add(time, local.Doing.Count, local.CreditOf(queue.Stage));
            }
        }

        foreach (var remote in _remotes)
        {
            if (remote.MayGetWork && remote.Find(queue.Package) is { Access: PackageAccess.Holds or PackageAccess.Loading } package)
            {
                var time = package.Access == PackageAccess.Loading ? _options.FirstUseLease : package.Of(queue.Stage).Or(_options.AssumedTime);
                _holders.Add(time, remote.HeldOf(queue.Stage), remote.CreditOf(queue.Stage));
            }
        }
    }

    private Offer<TWork> HandOver(LeaseWorker<TWork> worker, WorkPiece<TWork> piece, TimeSpan now)
    {
        worker.AddCredit(worker.Stage, -1);
        worker.LastOffer = ++_lastOffer;
        worker.Doing.Enqueue((worker.FindOrAdd(piece.Terms.Package), now));
        CountOffer(piece, now);
        _handedOver++;
        Dequeue(piece);
        var (terms, tries) = (piece.Terms, piece.Tries);
        var work = End(piece, PieceState.Answered);
        Reuse(piece);
        return new Offer<TWork>(0, worker.Id, work, terms, TimeSpan.MaxValue, false, tries);
    }

    private Offer<TWork> Lease(LeaseWorker<TWork> worker, WorkPiece<TWork> piece, bool mustLoad, TimeSpan now)
    {
        var stage = piece.Terms.Stage;
        var package = worker.FindOrAdd(piece.Terms.Package);
        package.Access = mustLoad ? PackageAccess.Loading : package.Access;
        worker.AddCredit(stage, -1);
        CountOffer(piece, now);
        Dequeue(piece);
        var id = ++_lastOffer;
        var lease = LeaseFor(package.Of(stage), mustLoad, piece, now);
        (piece.State, piece.LeaseOffer, worker.LastOffer) = (PieceState.Leased, id, id);
        piece.Unanswered++;
        worker.Held.Add(new HeldOffer<TWork>(id, piece, now, now + lease, mustLoad, false));
        _nextExpiry = now + lease < _nextExpiry ? now + lease : _nextExpiry;
        return new Offer<TWork>(id, worker.Id, piece.Work!, piece.Terms, lease, mustLoad, piece.Tries);
    }

    /// <summary>Rule W2. Until the deadline where there is no try left, or no time for one.</summary>
    private TimeSpan LeaseFor(LearnedTime time, bool mustLoad, WorkPiece<TWork> piece, TimeSpan now)
    {
        var left = piece.Terms.Deadline - now;
        var lease = _options.MaxLease;
        if (mustLoad)
        {
            lease = _options.FirstUseLease;
        }
        else if (time.IsKnown)
        {
            var ticks = Math.Clamp(_options.LeaseFactor * time.Value.Ticks, _options.MinLease.Ticks, _options.MaxLease.Ticks);
            lease = TimeSpan.FromTicks((long)Math.Max(ticks, _options.SlowFactor * time.Value.Ticks));
        }

        return piece.Tries >= _options.MaxTries || lease + time.Or(_options.MinLease) > left ? left : lease;
    }

    private void CountOffer(WorkPiece<TWork> piece, TimeSpan now)
    {
        piece.Tries++;
        _offers++;
        _reoffers += piece.NeedsBudget ? 1 : 0;
        _breakReoffers += piece.AfterBreak ? 1 : 0;
        _budget.Count(now, piece.NeedsBudget);
    }
}
