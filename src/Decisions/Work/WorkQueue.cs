using Inspection.Protocol;

namespace Inspection.Decisions.Work;

/// <summary>
/// Work of one kind, earliest deadline first, first come first among equals. A linked list through the pieces: what comes mostly has the
/// latest deadline so far, so that it goes in at the end in one step, and any piece can leave from anywhere.
/// </summary>
internal sealed class WorkQueue<TWork>
    where TWork : class
{
    public WorkStage Stage { get; private set; }

    public Digest Package { get; private set; }

    public bool LocalOnly { get; private set; }

    public int Count { get; private set; }

    public WorkPiece<TWork>? First { get; private set; }

    private WorkPiece<TWork>? Last { get; set; }

    public void Begin(in WorkTerms terms) => (Stage, Package, LocalOnly) = (terms.Stage, terms.Package, terms.LocalOnly);

    public bool Takes(in WorkTerms terms) => Stage == terms.Stage && LocalOnly == terms.LocalOnly && Package == terms.Package;

    public void Add(WorkPiece<TWork> piece)
    {
        var before = Last;
        while (before is not null && before.Terms.Deadline > piece.Terms.Deadline)
        {
            before = before.Previous;
        }

        var after = before is null ? First : before.Next;
        (piece.Previous, piece.Next, piece.Queue) = (before, after, this);
        Link(before, piece);
        LinkBack(after, piece);
        Count++;
    }

    public void Remove(WorkPiece<TWork> piece)
    {
        Link(piece.Previous, piece.Next);
        LinkBack(piece.Next, piece.Previous);
        (piece.Previous, piece.Next, piece.Queue) = (null, null, null);
        Count--;
    }

    private void Link(WorkPiece<TWork>? before, WorkPiece<TWork>? next)
    {
        if (before is null)
        {
            First = next;
        }
        else
        {
            before.Next = next;
        }
    }

    private void LinkBack(WorkPiece<TWork>? after, WorkPiece<TWork>? previous)
    {
        if (after is null)
        {
            Last = previous;
        }
        else
        {
            after.Previous = previous;
        }
    }
}
