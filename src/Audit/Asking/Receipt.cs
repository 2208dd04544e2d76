using System.Text.Json;
using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Asking;

/// <summary>
/// What a customer can hold of one part: its terminal record, the records behind it up to the end of its leaf, and the proof that the leaf is under
/// a signed checkpoint. It needs nothing of the plant.
/// </summary>
public sealed record Receipt
{
    public const string FormatName = "inspection-receipt-1";

    private const int MostBytes = 32 * 1024 * 1024;

    public string Format { get; init; } = FormatName;

    /// <summary>LINE/EPOCH/COUNTER.</summary>
    public required string Part { get; init; }

    /// <summary>Number of the terminal record.</summary>
    public required long Sequence { get; init; }

    /// <summary>Stored bytes, base64: the terminal record and those behind it, the last of them the leaf's.</summary>
    public required IReadOnlyList<string> Records { get; init; }

    /// <summary>First record that the leaf covers.</summary>
    public required long LeafFrom { get; init; }

    public required long LeafIndex { get; init; }

    /// <summary>RFC 6962 inclusion of the leaf, base64.</summary>
    public required IReadOnlyList<string> Proof { get; init; }

    /// <summary>The signed note.</summary>
    public required string Checkpoint { get; init; }

    /// <exception cref="ReceiptException">No such part, not concluded, or not under a checkpoint yet.</exception>
    /// <exception cref="BrokenChainException">A record on the way is not as it was written.</exception>
    public static Receipt Of(IJournalSource source, PartName part)
    {
        var (book, extents) = (new LogBook(), new List<LogExtent>());
        foreach (var record in source.LogChain())
        {
            Follow(book, record);
            extents.AddRange(record.Event is LogExtended e ? e.Extents : []);
        }

        if (book.Signed is not { } signed)
        {
            throw new ReceiptException($"{source.Description} keeps no log, or has never signed it: nobody can give a receipt");
        }

        if (!source.Lines.Contains(part.Line))
        {
            throw new ReceiptException($"{source.Description} has no line {part.Line}; it has {string.Join(", ", source.Lines)}");
        }

        var (sequence, leaf, records) = (0L, -1, new List<string>());
        foreach (var record in source.Records(part.Line))
        {
            if (sequence == 0 && part.IsConcludedBy(ChainReader.Peek(part.Line, record.Sequence, record.Bytes)))
            {
                sequence = record.Sequence;
                leaf = extents.FindIndex(x => x.Line == part.Line && x.From <= sequence && sequence <= x.To);
            }

            if (sequence > 0)
            {
                records.Add(Convert.ToBase64String(record.Bytes.Span));
                if (leaf < 0 || record.Sequence == extents[leaf].To)
                {
                    break;
                }
            }
        }

        return sequence == 0 ? throw new ReceiptException($"part {part} was not concluded in {source.Description}")
            : leaf < 0 || leaf >= signed.Size ? throw new ReceiptException($"part {part} was concluded in record {sequence}, which is not under a checkpoint yet: ask again in some seconds")
            : new Receipt
            {
                Part = part.ToString(),
                Sequence = sequence,
                Records = records,
                LeafFrom = extents[leaf].From,
                LeafIndex = leaf,
                Proof = [.. book.Tree.ProveInclusion(leaf, signed.Size).Select(d => Convert.ToBase64String(d.ToArray()))],
                Checkpoint = book.Note!.ToString(),
            };
    }

    private static void Follow(LogBook book, ChainRecord record)
    {
        try
        {
            book.Apply(record.Event);
        }
        catch (LogException e)
        {
            throw new BrokenChainException(record.Line, record.Sequence, ChainFault.Event, e.Message, e);
        }
    }

    /// <exception cref="ReceiptException">Not there, too long, no receipt, or one of another format.</exception>
    public static Receipt Read(string file)
    {
        try
        {
            var bytes = SmallFile.Read(file, MostBytes);
            if (AuditJson.FormatOf(bytes) is var format && format != FormatName)
            {
                throw new ReceiptException($"{file} has format {ForeignText.Shown(format ?? "(none)")}, and this version reads {FormatName}: read it with the version that wrote it, or a later one");
            }

            return JsonSerializer.Deserialize<Receipt>(bytes, AuditJson.Options) switch
            {
                { Part: not null, Records: { Count: > 0 } records, Proof: not null, Checkpoint: not null } receipt when records.All(r => r is not null) && receipt.Proof.All(p => p is not null) => receipt,
                _ => throw new ReceiptException($"{file} is no receipt: it lacks something; ask for it again"),
            };
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ReceiptException($"'{file}' is no receipt: {ForeignText.Shown(e.Message)}; give the file that `inspection audit receipt` wrote", e);
        }
    }

    public string ToJson() => AuditJson.ToJson(this);

    /// <summary>What the receipt proves, or why it proves nothing.</summary>
    public ReceiptCheck Check(LogTrust trust)
    {
        try
        {
            return Proven(trust);
        }
        catch (Exception e) when (e is NoteException or BrokenChainException or FormatException or ReceiptException)
        {
            return new ReceiptCheck(Part, null, null, null, null, null, e.Message);
        }
    }

    private ReceiptCheck Proven(LogTrust trust)
    {
        var part = PartName.Parse(Part);
        var (previous, terminal, hash) = (default(Digest?), (ILineEvent?)null, Digest.None);
        for (var i = 0; i < Records.Count; i++)
        {
            var bytes = Convert.FromBase64String(Records[i]);
            var record = ChainReading.Dated(ChainReader.Read(part.Line, Sequence + i, previous ?? ChainReader.PreviousOf(part.Line, Sequence, bytes), null, bytes));
            (terminal, hash) = (terminal ?? record.Event, record.Hash);
            previous = hash;
        }

        if (!part.IsConcludedBy(terminal!))
        {
            throw new ReceiptException($"its first record does not conclude part {Part}");
        }

        var note = SignedNote.Parse(Checkpoint);
        var checkpoint = Transparency.Checkpoint.Parse(note.Text);
        var leaf = LogBook.Leaf(new LogExtent(part.Line, LeafFrom, Sequence + Records.Count - 1, hash));
        var proof = Proof.Select(p => Convert.FromBase64String(p) is { Length: Digest.Length } d ? new Digest(d) : throw new ReceiptException("a hash of its proof has another length than a hash")).ToList();
        if (LeafFrom < 1 || LeafFrom > Sequence || LeafIndex < 0 || !MerkleProof.IsIncluded((ulong)LeafIndex, (ulong)checkpoint.Size, leaf, proof, checkpoint.Root))
        {
            throw new ReceiptException($"its records are not a leaf under the checkpoint at {checkpoint.Size} leaves: they, or the proof, were changed");
        }

        var key = trust.LogKeys.FirstOrDefault(k => note.VerifiedBy(k).Count > 0) ?? throw new ReceiptException($"its checkpoint is of the log {checkpoint.Origin} and carries no signature by {string.Join(" or ", trust.LogKeys.Select(k => k.Name))}");
        var witnessed = trust.Witnesses.Select(w => (Witness: w, Time: note.VerifiedBy(w).Max(NoteVerifier.TimeOf))).ToList();
        if (witnessed.Find(w => w.Time is null).Witness is { } missing)
        {
            throw new ReceiptException($"its checkpoint carries no cosignature by {missing.Name}");
        }

        var conclusion = terminal switch
        {
            PartConcluded e => e.Conclusion,
            PartsFellBack e => Conclusion.FellBack(e.Reason),
            _ => throw new ReceiptException("its first record concludes nothing"),
        };
        return new ReceiptCheck(
            Part,
            conclusion.ToString(),
            (terminal as PartConcluded)?.ExternalId,
            new DateTime(terminal.UtcTicks, DateTimeKind.Utc),
            key.Name,
            witnessed is [] ? null : DateTimeOffset.FromUnixTimeSeconds(witnessed.Max(w => w.Time!.Value)),
            null);
    }
}

/// <summary>What came of checking a receipt.</summary>
/// <param name="Conclusion">Null where it proves nothing.</param>
/// <param name="CosignedUtc">The latest cosignature's time; null: no witness's key was given.</param>
/// <param name="Wrong">Why it proves nothing; null: it does.</param>
public sealed record ReceiptCheck(string Part, string? Conclusion, string? ExternalId, DateTime? Utc, string? SignedBy, DateTimeOffset? CosignedUtc, string? Wrong)
{
    public bool IsGood => Wrong is null;

    public string ToJson() => AuditJson.ToJson(this);
}
