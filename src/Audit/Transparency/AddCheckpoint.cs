using System.Globalization;
using System.Text;
using Inspection.Protocol;

namespace Inspection.Audit.Transparency;

/// <summary>The body of C2SP tlog-witness add-checkpoint: what the log believes the witness holds, the proof from there, the new checkpoint.</summary>
/// <param name="OldSize">Leaves of the last checkpoint that the witness cosigned; 0: none.</param>
/// <param name="Proof">RFC 6962 consistency from the old size to the checkpoint's.</param>
/// <param name="Note">The checkpoint with at least the log's signature.</param>
public sealed record AddCheckpoint(long OldSize, IReadOnlyList<Digest> Proof, SignedNote Note)
{
    private const int MostProofLines = 63;
    private const string Old = "old ";

    /// <exception cref="NoteException">The bytes are no such request.</exception>
    public static AddCheckpoint Parse(ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf("\n\n"u8);
        if (end < 0)
        {
            throw new NoteException("no empty line separates the consistency proof from the checkpoint");
        }

        var lines = Encoding.UTF8.GetString(body[..end]).Split('\n');
        var size = (lines[0].StartsWith(Old, StringComparison.Ordinal) ? NoteText.Size(lines[0][Old.Length..]) : null)
            ?? throw new NoteException("the first line is not 'old SIZE' with a size without leading zeroes");
        if (lines.Length - 1 > MostProofLines)
        {
            throw new NoteException($"the proof has {lines.Length - 1} lines; a tree needs at most {MostProofLines}");
        }

        var proof = lines.Skip(1).Select((line, i) => NoteText.Hash(line)
            ?? throw new NoteException($"line {i + 1} of the proof is no base64 of {Digest.Length} bytes")).ToList();
        return new AddCheckpoint(size, proof, SignedNote.Parse(body[(end + 2)..]));
    }

    public byte[] ToBytes()
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Old}{OldSize}\n");
        foreach (var hash in Proof)
        {
            _ = head.Append(NoteText.Hash(hash)).Append('\n');
        }

        return [.. Encoding.UTF8.GetBytes(head.Append('\n').ToString()), .. Note.ToBytes()];
    }
}
