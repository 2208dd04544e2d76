using System.Globalization;
using System.Text;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>
/// The plant's log as its journalled records tell it (rule J8): leaves in their order, where each line ends, the last checkpoint. The same
/// for the builder that goes on from it and for the auditor who checks it. Pure; not thread-safe.
/// </summary>
public sealed class LogBook
{
    private readonly Dictionary<LineId, LineHead> _ends = [];

    public MerkleTree Tree { get; private init; } = new();

    /// <summary>The last record of each line that is in a leaf.</summary>
    public IReadOnlyDictionary<LineId, LineHead> Ends => _ends;

    /// <summary>The C2SP verifier key that signs now; null before the first.</summary>
    public string? Key { get; private set; }

    /// <summary>The last checkpoint, as it was signed.</summary>
    public SignedNote? Note { get; private set; }

    public Checkpoint? Signed { get; private set; }

    /// <summary>As it was when it was signed last, so that a builder need not read all of it again.</summary>
    /// <exception cref="InvalidOperationException">Leaves have come since, or nothing was signed.</exception>
    public LogSnapshot Snapshot(long sequence, Digest head) => Signed is { } signed && signed.Size == Tree.Size
        ? new LogSnapshot(sequence, head, Key!, Note!.ToString(), Tree.Frontier, _ends.ToDictionary(e => e.Key, e => e.Value))
        : throw new InvalidOperationException($"{Tree.Size} leaves, {Signed?.Size ?? 0} of them signed: a snapshot is taken when all are");

    /// <exception cref="FormatException">The snapshot is none: its note is not signed by its key, or its hashes don't give the note's root.</exception>
    public static LogBook Of(LogSnapshot snapshot)
    {
        try
        {
            var note = SignedNote.Parse(snapshot.Note);
            var signed = Checkpoint.Parse(note.Text);
            var tree = MerkleTree.From(signed.Size, snapshot.Frontier);
            if (tree.Root != signed.Root || note.VerifiedBy(NoteVerifier.Parse(snapshot.Key)).Count == 0)
            {
                throw new FormatException($"the snapshot of the log at record {snapshot.Sequence} does not give the root that was signed, or was not signed by {snapshot.Key}");
            }

            var book = new LogBook { Tree = tree, Key = snapshot.Key, Note = note, Signed = signed };
            foreach (var (line, end) in snapshot.Ends)
            {
                book._ends[line] = end;
            }

            return book;
        }
        catch (Exception e) when (e is NoteException or ArgumentException)
        {
            throw new FormatException($"the snapshot of the log at record {snapshot.Sequence}: {e.Message}", e);
        }
    }

    /// <summary>The leaf of an extent (RFC 6962): SHA-256 of 0x00 and a text of five lines, the head in base64.</summary>
    public static Digest Leaf(LogExtent extent) => MerkleHash.Leaf(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"inspection-extent-1\n{extent.Line}\n{extent.From}\n{extent.To}\n{NoteText.Hash(extent.Head)}\n")));

    public LineHead EndOf(LineId line) => _ends.GetValueOrDefault(line, new LineHead(0, Digest.None));

    /// <exception cref="LogException">It does not follow; nothing changed.</exception>
    public void Apply(ILineEvent e)
    {
        switch (e)
        {
            case LogExtended x:
                Extend(x);
                break;
            case LogSigned x:
                Sign(x);
                break;
            case LogKeyChanged x:
                Key = x.VerifierKey;
                break;
            default:
                throw new LogException(LogFault.Extent, $"it is a {e.GetType().Name}, which belongs to a line");
        }
    }

    private void Extend(LogExtended e)
    {
        if (e.FirstLeaf != Tree.Size)
        {
            throw new LogException(LogFault.Extent, $"its first leaf is {e.FirstLeaf}, and the log has {Tree.Size} leaves: leaves are missing, doubled or in another order");
        }

        var ends = new Dictionary<LineId, LineHead>();
        foreach (var extent in e.Extents)
        {
            var before = ends.TryGetValue(extent.Line, out var own) ? own : EndOf(extent.Line);
            if (extent.From != before.Sequence + 1 || extent.To < extent.From || extent.Head.IsNone)
            {
                throw new LogException(LogFault.Extent, $"it covers records {extent.From} to {extent.To} of line {extent.Line}, and those up to {before.Sequence} were covered before");
            }

            ends[extent.Line] = new LineHead(extent.To, extent.Head);
        }

        foreach (var extent in e.Extents)
        {
            Tree.Add(Leaf(extent));
            _ends[extent.Line] = new LineHead(extent.To, extent.Head);
        }
    }

    private void Sign(LogSigned e)
    {
        try
        {
            var note = SignedNote.Parse(e.Note);
            var checkpoint = Checkpoint.Parse(note.Text);
            if (checkpoint.Size != e.Size || checkpoint.Size > Tree.Size || checkpoint.Size < (Signed?.Size ?? 0))
            {
                throw new LogException(LogFault.Checkpoint, $"it signs {checkpoint.Size} leaves (its record says {e.Size}), {Signed?.Size ?? 0} were signed before, and the log has {Tree.Size}");
            }

            if (checkpoint.Root != Tree.RootOf(checkpoint.Size))
            {
                throw new LogException(LogFault.Checkpoint, $"its root at {checkpoint.Size} leaves is {checkpoint.Root.Short}.., and the leaves give {Tree.RootOf(checkpoint.Size).Short}..: leaves were changed, or it signs another history");
            }

            if (Key is null || NoteVerifier.Parse(Key).Name != checkpoint.Origin)
            {
                throw new LogException(LogFault.Checkpoint, $"it is of the log {checkpoint.Origin}, and the key recorded last is {Key ?? "none"}");
            }

            (Note, Signed) = (note, checkpoint);
        }
        catch (NoteException x)
        {
            throw new LogException(LogFault.Checkpoint, x.Message);
        }
    }
}
