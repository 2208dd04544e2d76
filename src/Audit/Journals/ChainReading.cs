using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Journals;

public static class ChainReading
{
    /// <summary>The line's records, each checked against its place in the chain before it is given out.</summary>
    /// <exception cref="BrokenChainException">At the first bad record.</exception>
    public static IEnumerable<ChainRecord> Chain(this IJournalSource source, LineId line) =>
        Follow(source.Records(line), new ChainWriter(line), source.StatedHead(line));

    /// <summary>As <see cref="Chain(IJournalSource, LineId)"/>, from behind a record that was read before.</summary>
    public static IEnumerable<ChainRecord> Chain(this IJournalSource source, LineId line, LineHead after) =>
        Follow(source.Records(line, after.Sequence), new ChainWriter(line, after.Sequence + 1, after.Hash), stated: null);

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
            if (record.Sequence != chain.NextSequence)
            {
                var what = record.Sequence > chain.NextSequence
                    ? string.Create(CultureInfo.InvariantCulture, $"it is missing: the journal goes on with record {record.Sequence}")
                    : string.Create(CultureInfo.InvariantCulture, $"the journal holds record {record.Sequence} again in its place");
                throw new BrokenChainException(line, chain.NextSequence, ChainFault.Sequence, what);
            }

            if (record.Remark is { } remark)
            {
                throw new BrokenChainException(line, record.Sequence, ChainFault.Row, remark);
            }

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
}
