using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Journals;

public static class ChainReading
{
    /// <summary>The line's records, each checked against its place in the chain before it is given out.</summary>
    /// <exception cref="BrokenChainException">At the first bad record.</exception>
    public static IEnumerable<ChainRecord> Chain(this IJournalSource source, LineId line) =>
        Follow(source.Records(line), new ChainWriter(line), source.StatedHead(line));

    /// <summary>Number and hash of each record behind one that was read before; their events are not decoded.</summary>
    /// <exception cref="BrokenChainException">At the first bad record.</exception>
    public static IEnumerable<LineHead> Heads(this IJournalSource source, LineId line, LineHead after)
    {
        var chain = new ChainWriter(line, after.Sequence + 1, after.Hash);
        foreach (var record in source.Records(line, after.Sequence))
        {
            CheckPlace(record, chain);
            _ = chain.Follow(record.Manifest, record.Bytes);
            yield return new LineHead(record.Sequence, chain.Head);
        }
    }

    /// <summary>The records of the plant's log, as those of a line.</summary>
    /// <exception cref="BrokenChainException">At the first bad record.</exception>
    public static IEnumerable<ChainRecord> LogChain(this IJournalSource source) =>
        Follow(source.LogRecords(), new ChainWriter(Protocol.LogChain.Id), source.StatedLogHead);

    /// <summary>The record, where its time is one: whoever writes records by hand can write any number there.</summary>
    /// <exception cref="BrokenChainException">It is none.</exception>
    internal static ChainRecord Dated(ChainRecord record) => record.Event.UtcTicks >= 0 && record.Event.UtcTicks <= DateTime.MaxValue.Ticks
        ? record
        : throw new BrokenChainException(record.Line, record.Sequence, ChainFault.Event, string.Create(CultureInfo.InvariantCulture, $"its time is {record.Event.UtcTicks} ticks, and no instant has that number"));

    private static IEnumerable<ChainRecord> Follow(IEnumerable<StoredRecord> records, ChainWriter chain, LineHead? stated)
    {
        var line = chain.Line;
        foreach (var record in records)
        {
            CheckPlace(record, chain);
            yield return Dated(chain.Accept(record.Manifest, record.Bytes));
        }

        if (stated is { } end && end != new LineHead(chain.NextSequence - 1, chain.Head))
        {
            throw new BrokenChainException(
                line,
                Math.Min(end.Sequence, chain.NextSequence - 1) + (end.Sequence == chain.NextSequence - 1 ? 0 : 1),
                ChainFault.Sequence,
                string.Create(CultureInfo.InvariantCulture, $"the line ends with record {chain.NextSequence - 1} and hash {chain.Head.Short}.., and it is stated to end with record {end.Sequence} and hash {end.Hash.Short}.."));
        }
    }

    private static void CheckPlace(StoredRecord record, ChainWriter chain)
    {
        if (record.Sequence != chain.NextSequence)
        {
            var what = record.Sequence > chain.NextSequence
                ? string.Create(CultureInfo.InvariantCulture, $"it is missing: the journal goes on with record {record.Sequence}")
                : string.Create(CultureInfo.InvariantCulture, $"the journal holds record {record.Sequence} again in its place");
            throw new BrokenChainException(chain.Line, chain.NextSequence, ChainFault.Sequence, what);
        }

        if (record.Remark is { } remark)
        {
            throw new BrokenChainException(chain.Line, record.Sequence, ChainFault.Row, remark);
        }
    }
}
