using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit.Journals;

public static class ChainReading
{
    /// <summary>The line's records, each checked against its place in the chain before it is given out.</summary>
    /// <exception cref="BrokenChainException">At the first bad record.</exception>
    public static IEnumerable<ChainRecord> Chain(this IJournalSource source, LineId line)
    {
        var chain = new ChainWriter(line);
        foreach (var stored in source.Records(line))
        {
            if (stored.Sequence != chain.NextSequence)
            {
                var what = stored.Sequence > chain.NextSequence
                    ? string.Create(CultureInfo.InvariantCulture, $"it is missing: the journal goes on with record {stored.Sequence}")
                    : string.Create(CultureInfo.InvariantCulture, $"the journal holds record {stored.Sequence} again in its place");
                throw new BrokenChainException(line, chain.NextSequence, ChainFault.Sequence, what);
            }

            if (stored.Remark is { } remark)
            {
                throw new BrokenChainException(line, stored.Sequence, ChainFault.Row, remark);
            }

            yield return chain.Accept(stored.Manifest, stored.Bytes);
        }

        if (source.StatedHead(line) is { } stated && stated != new LineHead(chain.NextSequence - 1, chain.Head))
        {
            throw new BrokenChainException(
                line,
                Math.Min(stated.Sequence, chain.NextSequence - 1) + (stated.Sequence == chain.NextSequence - 1 ? 0 : 1),
                ChainFault.Sequence,
                string.Create(CultureInfo.InvariantCulture, $"the line ends with record {chain.NextSequence - 1} and hash {chain.Head.Short}.., and it is stated to end with record {stated.Sequence} and hash {stated.Head.Short}.."));
        }
    }
}
