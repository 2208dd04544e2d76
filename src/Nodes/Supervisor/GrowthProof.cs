using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>The proof that a log has grown from one size to another, whatever its builder still keeps of the tree.</summary>
internal static class GrowthProof
{
    /// <param name="tree">The builder's, of at least <paramref name="size"/> leaves.</param>
    /// <param name="openJournal">A witness that was away for long holds a size that the tree has let go of: then all leaves are read again.</param>
    public static IReadOnlyList<Digest> Of(MerkleTree tree, long from, long size, Func<IJournalSource> openJournal)
    {
        if (from >= tree.RemembersFrom)
        {
            return tree.ProveConsistency(from, size);
        }

        var book = new LogBook();
        using var journal = openJournal();
        foreach (var record in journal.LogChain())
        {
            book.Apply(record.Event);
        }

        return book.Tree.ProveConsistency(from, size);
    }
}
