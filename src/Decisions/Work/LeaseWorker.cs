using Inspection.Protocol;

namespace Inspection.Decisions.Work;

internal enum PackageAccess
{
    Lacks,
    CanLoad,

    /// <summary>It was offered work that makes it load the package and has not answered yet.</summary>
    Loading,
    Holds,
}

/// <summary>An offer that a remote worker has not answered.</summary>
internal record struct HeldOffer<TWork>(long Id, WorkPiece<TWork> Piece, TimeSpan OfferedAt, TimeSpan ExpiresAt, bool MustLoad, bool Expired)
    where TWork : class;

/// <summary>What is known of a worker and one package.</summary>
internal sealed class WorkerPackage
{
    public PackageAccess Access { get; set; }

    public LearnedTime Coarse { get; } = new();

    public LearnedTime Verify { get; } = new();

    public LearnedTime Of(WorkStage stage) => stage == WorkStage.Coarse ? Coarse : Verify;
}

/// <summary>A worker of this process or a remote worker's stream.</summary>
/// <param name="id">Its name.</param>
/// <param name="node">Null: a worker of this process, of <paramref name="stage"/> alone.</param>
/// <param name="stage">See <paramref name="node"/>.</param>
/// <param name="remembered">So many answered offers are remembered, to know a repeated answer.</param>
internal sealed class LeaseWorker<TWork>(WorkerId id, NodeId? node, WorkStage stage, int remembered)
    where TWork : class
{
    private readonly Dictionary<Digest, WorkerPackage> _packages = [];
    private readonly Queue<long> _answered = new();
    private WorkerPackage? _lately;
    private Digest _latelyOf;
    private int _coarseCredit;
    private int _verifyCredit;

    public WorkerId Id => id;

    public NodeId? Node => node;

    public WorkStage Stage => stage;

    public List<HeldOffer<TWork>> Held { get; } = [];

    public bool Draining { get; set; }

    /// <summary>Rule W2: a lease expired and nothing was answered since.</summary>
    public bool Suspended { get; set; }

    /// <summary>The last offer it got: among equals the one that waits longest is next.</summary>
    public long LastOffer { get; set; }

    /// <summary>Local: what it was handed and has not said to be done, the oldest first. One that batches has many.</summary>
    public Queue<(WorkerPackage Package, TimeSpan Since)> Doing { get; } = new();

    public bool MayGetWork => !Draining && !Suspended;

    /// <summary>Pieces of the stage that it may be given now.</summary>
    public int FreeFor(WorkStage of) => MayGetWork ? CreditOf(of) : 0;

    public int CreditOf(WorkStage of) => of == WorkStage.Coarse ? _coarseCredit : _verifyCredit;

    public void AddCredit(WorkStage of, int count)
    {
        if (of == WorkStage.Coarse)
        {
            _coarseCredit += count;
        }
        else
        {
            _verifyCredit += count;
        }
    }

    /// <summary>Null: it neither holds the package nor can load it, nor ever could.</summary>
    public WorkerPackage? Find(in Digest package)
    {
        if (_lately is not null && _latelyOf == package)
        {
            return _lately;
        }

        if (_packages.TryGetValue(package, out var found))
        {
            (_lately, _latelyOf) = (found, package);
        }

        return found;
    }

    public WorkerPackage FindOrAdd(in Digest package)
    {
        var found = Find(package);
        if (found is null)
        {
            _packages.Add(package, found = new WorkerPackage());
        }

        return found;
    }

    public int IndexOf(long offer)
    {
        for (var i = 0; i < Held.Count; i++)
        {
            if (Held[i].Id == offer)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether the piece may go to this worker: not the one it still has or gave back, and within its share of the ring (rule W3).</summary>
    public bool MayHold(WorkPiece<TWork> piece, WorkLeasesOptions options)
    {
        if (piece.ReturnedBy == id || Held.Count >= options.MaxInHand)
        {
            return false;
        }

        var ofRing = 0;
        foreach (var held in Held)
        {
            if (ReferenceEquals(held.Piece, piece))
            {
                return false;
            }

            ofRing += held.Piece.Terms.Ring == piece.Terms.Ring ? 1 : 0;
        }

        var slots = piece.Terms.RingSlots > 0 ? piece.Terms.RingSlots : options.RingSlots;
        return ofRing < Math.Max(1, (int)(slots * options.RingShare));
    }

    /// <summary>What was to load its package comes back undone.</summary>
    public void NotLoading(in HeldOffer<TWork> held)
    {
        if (held.MustLoad && Find(held.Piece.Terms.Package) is { Access: PackageAccess.Loading } package)
        {
            package.Access = PackageAccess.CanLoad;
        }
    }

    public int HeldOf(WorkStage of)
    {
        var count = 0;
        foreach (var held in Held)
        {
            count += held.Piece.Terms.Stage == of ? 1 : 0;
        }

        return count;
    }

    public void Remember(long offer)
    {
        if (_answered.Count >= remembered)
        {
            _ = _answered.Dequeue();
        }

        _answered.Enqueue(offer);
    }

    public bool HasAnswered(long offer) => _answered.Contains(offer);
}
