namespace Inspection.Protocol;

/// <summary>
/// The end of one line's chain: seals events for the journal (rule J1), and follows stored records at recovery. Pure, no I/O; one
/// owner, one thread. What was sealed must be stored in that order or the owner stop (rule V4): the writer does not step back.
/// </summary>
public sealed class ChainWriter
{
    /// <param name="nextSequence">Sequence number of the next record; 1 for an empty journal.</param>
    /// <param name="head">Hash of the last record; none for an empty journal.</param>
    public ChainWriter(LineId line, long nextSequence = 1, Digest head = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nextSequence, 1);
        if ((nextSequence == 1) != head.IsNone)
        {
            throw new ArgumentException($"line {line}: the next record is {nextSequence} and the head is '{head.Short}..': only the first record has no record before it", nameof(head));
        }

        Line = line;
        NextSequence = nextSequence;
        Head = head;
    }

    public LineId Line { get; }

    public long NextSequence { get; private set; }

    /// <summary>Hash of the last record sealed or accepted.</summary>
    public Digest Head { get; private set; }

    /// <summary>Encodes the event as the next record.</summary>
    /// <exception cref="ProtocolException">The event holds a value that could not be read back; nothing advanced.</exception>
    public Sealed Seal(ILineEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var manifest = ProtocolCodec.ManifestOf(e);
        var bytes = ChainFormat.Write(Line, NextSequence, Head, manifest, ProtocolCodec.Encode(e));
        Head = Digest.Of(bytes);
        NextSequence++;
        return new Sealed(manifest, bytes);
    }

    /// <summary>Checks a stored record against the end of the chain and follows it: recovery.</summary>
    /// <exception cref="BrokenChainException">The record does not follow; nothing advanced.</exception>
    public ChainRecord Accept(Sealed stored) => Accept(stored.Manifest, stored.Bytes);

    /// <summary>As <see cref="Accept(Sealed)"/>, where there may be no manifest column beside the bytes (null).</summary>
    public ChainRecord Accept(string? manifestColumn, ReadOnlyMemory<byte> bytes)
    {
        var record = ChainReader.Read(Line, NextSequence, Head, manifestColumn, bytes);
        Head = record.Hash;
        NextSequence++;
        return record;
    }

    /// <summary>As <see cref="Accept(string?, ReadOnlyMemory{byte})"/>, without the event.</summary>
    public Digest Follow(string? manifestColumn, ReadOnlyMemory<byte> bytes)
    {
        Head = ChainReader.Follow(Line, NextSequence, Head, manifestColumn, bytes);
        NextSequence++;
        return Head;
    }
}
