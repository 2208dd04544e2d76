using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>A log's head in the form of C2SP tlog-checkpoint: whose, how many leaves, which root. The text of a note that the log signs.</summary>
/// <param name="Origin">The log's name, and by custom that of its key.</param>
/// <param name="Size">Leaves.</param>
public sealed record Checkpoint(string Origin, long Size, Digest Root)
{
    private const int Lines = 3;

    /// <summary>Three lines. Extension lines are not written, and on reading refused: nobody could audit them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{NoteText.Hash(Root)}\n");

    /// <summary>A note with this log's own signature.</summary>
    /// <param name="key">Its name is the origin.</param>
    public static SignedNote Sign(NoteSigner key, long size, Digest root, DateTimeOffset now)
    {
        var text = new Checkpoint(key.Verifier.Name, size, root).ToString();
        return new SignedNote(text, [key.Sign(text, now)]);
    }

    /// <exception cref="NoteException">The text is no checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length != Lines + 1 || lines[Lines].Length > 0 || lines[0].Length == 0)
        {
            throw new NoteException($"a checkpoint has the lines origin, size and root hash, and no others; here are {lines.Length - 1}");
        }

        var size = NoteText.Size(lines[1]) ?? throw new NoteException($"the checkpoint of {lines[0]} has the size '{lines[1]}', which is no number without leading zeroes");
        var root = NoteText.Hash(lines[2]) ?? throw new NoteException($"the checkpoint of {lines[0]} at {size} has no root hash of {Digest.Length} bytes");
        return new Checkpoint(lines[0], size, root);
    }
}
