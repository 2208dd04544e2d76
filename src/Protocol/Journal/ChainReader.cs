using Google.Protobuf;

namespace Inspection.Protocol;

/// <summary>Reads stored records and checks each against its place in the chain. Pure, no I/O.</summary>
public static class ChainReader
{
    /// <summary>The record at this place.</summary>
    /// <param name="expectedPrevious">Hash of the record before; <see cref="Digest.None"/> for the first.</param>
    /// <exception cref="BrokenChainException">Names line, sequence and what differs.</exception>
    public static ChainRecord Read(LineId expectedLine, long expectedSequence, Digest expectedPrevious, Sealed stored) =>
        Read(expectedLine, expectedSequence, expectedPrevious, stored.Manifest, stored.Bytes);

    /// <summary>As <see cref="Read(LineId, long, Digest, Sealed)"/>, where the place may have no manifest column beside the bytes (null).</summary>
    public static ChainRecord Read(LineId expectedLine, long expectedSequence, Digest expectedPrevious, string? manifestColumn, ReadOnlyMemory<byte> bytes)
    {
        var wire = Place(expectedLine, expectedSequence, expectedPrevious, manifestColumn, bytes);
        return new ChainRecord(expectedLine, expectedSequence, expectedPrevious, wire.Manifest, Event(expectedLine, expectedSequence, wire), Digest.Of(bytes.Span));
    }

    /// <summary>The record's hash, after the same checks, without decoding its event: for those who only hash.</summary>
    /// <exception cref="BrokenChainException">Names line, sequence and what differs.</exception>
    public static Digest Follow(LineId expectedLine, long expectedSequence, Digest expectedPrevious, string? manifestColumn, ReadOnlyMemory<byte> bytes)
    {
        _ = Place(expectedLine, expectedSequence, expectedPrevious, manifestColumn, bytes);
        return Digest.Of(bytes.Span);
    }

    /// <summary>
    /// A record's event without looking at its place: for those who only sort or copy. Says nothing about the chain.
    /// </summary>
    /// <param name="sequence">Where it lies, for the error.</param>
    /// <exception cref="BrokenChainException">The record by itself is damaged.</exception>
    public static ILineEvent Peek(LineId line, long sequence, ReadOnlyMemory<byte> bytes) => Event(line, sequence, Parse(line, sequence, bytes));

    /// <summary>The hash of the record before, as this record says it: for who holds only a piece of a chain.</summary>
    /// <exception cref="BrokenChainException">The record by itself is damaged.</exception>
    public static Digest PreviousOf(LineId line, long sequence, ReadOnlyMemory<byte> bytes) => WireValues.Digest(Parse(line, sequence, bytes).Previous);

    private static Wire.JournalRecord Place(LineId expectedLine, long expectedSequence, Digest expectedPrevious, string? manifestColumn, ReadOnlyMemory<byte> bytes)
    {
        var wire = Parse(expectedLine, expectedSequence, bytes);
        if (wire.Line != expectedLine.Value)
        {
            throw new BrokenChainException(expectedLine, expectedSequence, ChainFault.Line, $"the record says that it belongs to line '{wire.Line}'; it was moved here");
        }

        if (wire.Sequence != expectedSequence)
        {
            throw new BrokenChainException(expectedLine, expectedSequence, ChainFault.Sequence, $"the record says that it is number {wire.Sequence}; records are missing, doubled or in another order");
        }

        if (manifestColumn is not null && wire.Manifest != manifestColumn)
        {
            throw new BrokenChainException(expectedLine, expectedSequence, ChainFault.Manifest, $"the journal's manifest column says '{manifestColumn}' and the record '{wire.Manifest}'; the column was changed");
        }

        var previous = WireValues.Digest(wire.Previous);
        if (previous != expectedPrevious)
        {
            throw new BrokenChainException(expectedLine, expectedSequence, ChainFault.Previous, $"it was written after a record with hash {previous.Short}.., and the record before it has {expectedPrevious.Short}..; one of the two was replaced");
        }

        return wire;
    }

    private static Wire.JournalRecord Parse(LineId line, long sequence, ReadOnlyMemory<byte> bytes)
    {
        if (!ChainFormat.IsIntact(bytes.Span))
        {
            throw new BrokenChainException(line, sequence, ChainFault.Damaged, $"its {bytes.Length} bytes do not agree with the check they end with; the stored record was changed or cut");
        }

        Wire.JournalRecord wire;
        try
        {
            wire = Wire.JournalRecord.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new BrokenChainException(line, sequence, ChainFault.Damaged, $"its bytes are no journal record ({e.Message})", e);
        }

        if (wire.Format != ChainFormat.Current)
        {
            throw new BrokenChainException(line, sequence, ChainFault.Format, $"it is written in format {wire.Format}, and this version reads format {ChainFormat.Current}; read it with a newer version");
        }

        return wire.Previous.Length == Digest.Length
            ? wire
            : throw new BrokenChainException(line, sequence, ChainFault.Damaged, $"its previous hash has {wire.Previous.Length} bytes, not {Digest.Length}");
    }

    private static ILineEvent Event(LineId line, long sequence, Wire.JournalRecord wire)
    {
        try
        {
            return ProtocolCodec.Decode(wire.Manifest, wire.Event.Memory) is ILineEvent e
                ? e
                : throw new BrokenChainException(line, sequence, ChainFault.Event, $"manifest '{wire.Manifest}' is not an event of a line");
        }
        catch (ProtocolException e)
        {
            throw new BrokenChainException(line, sequence, ChainFault.Event, e.Message, e);
        }
    }
}
