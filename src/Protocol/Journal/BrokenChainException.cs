using System.Globalization;

namespace Inspection.Protocol;

/// <summary>What of a stored record is not as it was written.</summary>
public enum ChainFault
{
    /// <summary>The bytes were changed: the record's own check differs, or they are no record at all.</summary>
    Damaged = 1,

    /// <summary>Written in a form this version does not know.</summary>
    Format = 2,

    /// <summary>The record belongs to another line.</summary>
    Line = 3,

    /// <summary>The record has another sequence number than its place: one is missing, doubled or moved.</summary>
    Sequence = 4,

    /// <summary>The hash of the record before is not the one this record was written after.</summary>
    Previous = 5,

    /// <summary>The journal's manifest column and the record disagree.</summary>
    Manifest = 6,

    /// <summary>The record is whole but its event cannot be read.</summary>
    Event = 7,

    /// <summary>The journal's row around the record was changed: marked deleted, another serializer.</summary>
    Row = 8,
}

/// <summary>A line's chain is broken at this record (rules J1, J8; promise P5). Nothing may be decided after it.</summary>
public sealed class BrokenChainException : Exception
{
    public BrokenChainException(LineId line, long sequence, ChainFault fault, string what, Exception? inner = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"record {sequence} of line {line}: {what}"), inner)
    {
        Line = line;
        Sequence = sequence;
        Fault = fault;
    }

    public LineId Line { get; }

    /// <summary>The place in the journal of the first bad record.</summary>
    public long Sequence { get; }

    public ChainFault Fault { get; }
}
