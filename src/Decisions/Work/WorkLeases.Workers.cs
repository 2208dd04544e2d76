using Inspection.Protocol;

namespace Inspection.Decisions.Work;

// workers: who is there, what they hold, and that they leave
public sealed partial class WorkLeases<TWork>
{
    private readonly Dictionary<long, LeaseWorker<TWork>> _workers = [];
    private readonly List<LeaseWorker<TWork>> _locals = [];
    private readonly List<LeaseWorker<TWork>> _remotes = [];
    private long _lastWorker;

    /// <summary>A worker of this process, of one stage. It can do every package of its stage, has no lease and never expires (rule W1).</summary>
    public WorkerId JoinLocal(WorkStage stage) => Join(null, stage, _locals).Id;

    /// <summary>
    /// One credit of a local worker. It also says that the oldest piece it had in hand is done, which teaches its time, waiting in its hand included: one that
    /// batches has two batches in hand, and what it is given now is done after both.
    /// </summary>
    /// <exception cref="ArgumentException">The worker is a remote one.</exception>
    public void Credit(WorkerId local, TimeSpan now)
    {
        if (!_workers.TryGetValue(local.Value, out var worker))
        {
            return; // it has left
        }

        if (worker.Node is { } node)
        {
            throw new ArgumentException($"{local} is the remote node {node}; its credit is for a stage", nameof(local));
        }

        if (worker.Doing.TryDequeue(out var done))
        {
            Teach(done.Package.Of(worker.Stage), now - done.Since, now);
        }

        if (!worker.Draining)
        {
            worker.AddCredit(worker.Stage, 1);
        }
    }

    /// <summary>
    /// A remote node's stream begins; it has no packages and no credit yet. An older stream of the same node is taken for lost
    /// (<see cref="Lost"/>).
    /// </summary>
    public WorkerId Join(NodeId node, TimeSpan now)
    {
        var before = _remotes.Find(w => w.Node == node);
        if (before is not null)
        {
            Lost(before.Id, now);
        }

        return Join(node, default, _remotes).Id;
    }

    /// <summary>The worker has the package ready to run.</summary>
    public void Holds(WorkerId worker, Digest package) => Set(worker, package, PackageAccess.Holds);

    /// <summary>The worker has the package at hand and can load it (rule W4).</summary>
    public void CanLoad(WorkerId worker, Digest package) => Set(worker, package, PackageAccess.CanLoad);

    /// <summary>The worker has the package no more, or failed to load it: it gets no more work for it.</summary>
    public void Lacks(WorkerId worker, Digest package) => Set(worker, package, PackageAccess.Lacks);

    /// <summary>A remote worker takes so many more pieces of the stage. Unknown workers are ignored: their stream is gone.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    /// <exception cref="ArgumentException">The worker is a local one.</exception>
    public void Credit(WorkerId worker, WorkStage stage, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (_workers.TryGetValue(worker.Value, out var by))
        {
            RequireRemote(by);
            by.AddCredit(stage, Math.Min(count, _options.Capacity - by.CreditOf(stage)));
        }
    }

    /// <summary>The worker gets no new work; what it has in hand finishes and its answers count.</summary>
    public void Drain(WorkerId worker)
    {
        if (_workers.TryGetValue(worker.Value, out var by))
        {
            by.Draining = true;
        }
    }

    /// <summary>
    /// An offer that was never sent: it was withdrawn, or no time was left, before its turn to be written came. Nobody will answer it, so it
    /// leaves the worker's hand, the credit it took is there again (rule W1), and its expiry says nothing of the worker (rule W2).
    /// </summary>
    public void Unsent(WorkerId worker, long offer, WorkStage stage, TimeSpan now)
    {
        if (!_workers.TryGetValue(worker.Value, out var by))
        {
            return;
        }

        by.AddCredit(stage, 1);
        if (by.IndexOf(offer) is >= 0 and var at)
        {
            var held = by.Held[at];
            by.Held.RemoveAt(at);
            by.Suspended = by.Suspended && by.Held.Exists(static h => h.Expired);
            by.NotLoading(held);
            Free(held, now);
        }
    }

    /// <summary>The worker left or its stream broke: what it has in hand is offered again at once, outside of the budget (rule W2).</summary>
    public void Lost(WorkerId worker, TimeSpan now)
    {
        if (!_workers.Remove(worker.Value, out var by))
        {
            return;
        }

        _ = (by.Node is null ? _locals : _remotes).Remove(by);
        foreach (var held in by.Held)
        {
            Free(held, now);
        }

        by.Held.Clear();
    }

    private void Free(in HeldOffer<TWork> held, TimeSpan now)
    {
        var piece = held.Piece;
        piece.Unanswered--;
        if (piece.State == PieceState.Leased && piece.LeaseOffer == held.Id)
        {
            WaitAgain(piece, now);
        }

        piece.Tries--;
        if (piece.State == PieceState.Waiting)
        {
            (piece.NeedsBudget, piece.AfterBreak) = (false, true);
        }

        Reuse(piece);
    }

    private LeaseWorker<TWork> Join(NodeId? node, WorkStage stage, List<LeaseWorker<TWork>> among)
    {
        var worker = new LeaseWorker<TWork>(new WorkerId(++_lastWorker), node, stage, _options.MaxInHand);
        _workers.Add(worker.Id.Value, worker);
        among.Add(worker);
        return worker;
    }

    private void Set(WorkerId worker, in Digest package, PackageAccess access)
    {
        if (_workers.TryGetValue(worker.Value, out var by))
        {
            RequireRemote(by);
            by.FindOrAdd(package).Access = access;
        }
    }

    /// <summary>
    /// The worker of this process that is next: the one with the most credit left, so that two that take many pieces each share the work; among
    /// equals the one that waits longest. Null: none has credit.
    /// </summary>
    private LeaseWorker<TWork>? NextLocal(WorkStage stage)
    {
        LeaseWorker<TWork>? next = null;
        foreach (var worker in _locals)
        {
            var free = worker.FreeFor(stage);
            if (free > 0 && (next is null || free > next.FreeFor(stage) || (free == next.FreeFor(stage) && worker.LastOffer < next.LastOffer)))
            {
                next = worker;
            }
        }

        return next;
    }

    private static void RequireRemote(LeaseWorker<TWork> worker)
    {
        if (worker.Node is null)
        {
            throw new ArgumentException($"{worker.Id} is a worker of this process: it has every package of its stage, and its credit is one at a time", nameof(worker));
        }
    }
}
