namespace Inspection.Decisions.Work;

internal enum PieceState
{
    /// <summary>In its queue: nobody has it, or whoever has it lost the lease.</summary>
    Waiting,

    /// <summary>One worker holds the lease.</summary>
    Leased,

    /// <summary>Answered or handed over: later answers are duplicates.</summary>
    Answered,

    /// <summary>Given up: later answers are stale.</summary>
    GivenUp,
}

/// <summary>One piece of work, from being added until it has ended and no worker owes an answer for it; then it is used again.</summary>
internal sealed class WorkPiece<TWork>
    where TWork : class
{
    /// <summary>Null once it has ended.</summary>
    public TWork? Work { get; private set; }

    public WorkTerms Terms { get; private set; }

    public PieceState State { get; set; }

    public TimeSpan WaitingSince { get; set; }

    /// <summary>Offers so far that count (<see cref="WorkLeasesOptions.MaxTries"/>).</summary>
    public int Tries { get; set; }

    /// <summary>Its next offer is a re-offer within the budget.</summary>
    public bool NeedsBudget { get; set; }

    /// <summary>Its next offer follows a broken stream.</summary>
    public bool AfterBreak { get; set; }

    /// <summary>No worker may try it any more: it is given up.</summary>
    public bool NoTryLeft { get; set; }

    /// <summary>Who gave it back last; not asked again.</summary>
    public WorkerId ReturnedBy { get; set; }

    /// <summary>The offer that holds the lease, while <see cref="PieceState.Leased"/>.</summary>
    public long LeaseOffer { get; set; }

    /// <summary>Offers of it that workers have not answered, whether or not their lease still runs.</summary>
    public int Unanswered { get; set; }

    public WorkQueue<TWork>? Queue { get; set; }

    public WorkPiece<TWork>? Previous { get; set; }

    public WorkPiece<TWork>? Next { get; set; }

    public bool HasEnded => State is PieceState.Answered or PieceState.GivenUp;

    public void Begin(TWork work, in WorkTerms terms, TimeSpan now)
    {
        (Work, Terms, State, WaitingSince) = (work, terms, PieceState.Waiting, now);
        (Tries, NeedsBudget, AfterBreak, NoTryLeft, ReturnedBy, LeaseOffer, Unanswered) = (0, false, false, false, default, 0, 0);
    }

    public TWork End(PieceState how)
    {
        var work = Work!;
        (State, Work) = (how, null);
        return work;
    }
}
