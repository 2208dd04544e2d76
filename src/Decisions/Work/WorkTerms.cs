using Inspection.Protocol;

namespace Inspection.Decisions.Work;

/// <summary>What a piece of work needs.</summary>
/// <param name="Stage">Which kind of worker.</param>
/// <param name="Package">Digest of the model package it must be done with.</param>
/// <param name="Deadline">Monotonic: when it is of no more use.</param>
public readonly record struct WorkTerms(WorkStage Stage, Digest Package, TimeSpan Deadline)
{
    /// <summary>The package that a candidate of this coarse work needs next; <see cref="Digest.None"/>: no verifier follows.</summary>
    public Digest Verifier { get; init; }

    /// <summary>It came from another node and must not leave this one.</summary>
    public bool LocalOnly { get; init; }

    /// <summary>Which frame ring its slot belongs to, by any number the caller likes (rule W3).</summary>
    public int Ring { get; init; }

    /// <summary>Slots of that ring; 0: <see cref="WorkLeasesOptions.RingSlots"/>.</summary>
    public int RingSlots { get; init; }
}

/// <summary>
/// One worker of this process, or one stream of a remote worker node. A node that connects anew gets a new one, so that what its old
/// stream still says cannot be taken for its new one's.
/// </summary>
public readonly record struct WorkerId(long Value)
{
    public override string ToString() => $"worker {Value}";
}

/// <summary>One piece of work for one worker.</summary>
/// <param name="Id">Never given twice; the answer must carry it. 0 for a hand-over in this process, which needs no answer.</param>
/// <param name="Worker">Who gets it; one credit of it is spent.</param>
/// <param name="Work">What to do.</param>
/// <param name="Terms">What it needs.</param>
/// <param name="Lease">How long the worker has (rule W2); <see cref="TimeSpan.MaxValue"/> for a hand-over in this process.</param>
/// <param name="MustLoad">The worker does not hold the package yet (rule W4).</param>
/// <param name="Try">1 for the first offer of this work, 2 for the second, ...</param>
public readonly record struct Offer<TWork>(long Id, WorkerId Worker, TWork Work, WorkTerms Terms, TimeSpan Lease, bool MustLoad, int Try)
    where TWork : class
{
    /// <summary>A hand-over in this process: it has left the leases for good (rule W1).</summary>
    public bool IsLocal => Id == 0;
}

/// <summary>What an answer is worth.</summary>
public enum AnswerOutcome
{
    /// <summary>The first answer to this work, in time: it counts.</summary>
    Accepted = 1,

    /// <summary>The work was answered before, by this worker or by another: no evidence.</summary>
    Duplicate = 2,

    /// <summary>The work was given up meanwhile, or the answer comes from a stream that is gone: no evidence.</summary>
    Stale = 3,

    /// <summary>No such offer was made to this worker, or it was so long ago that it is forgotten: no evidence.</summary>
    Unknown = 4,
}
