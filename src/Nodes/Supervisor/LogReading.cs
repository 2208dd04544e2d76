using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>What lines have written since the last leaf.</summary>
/// <param name="Extents">One a line at most.</param>
/// <param name="Broken">Lines whose records do not follow: they get no leaf until they are mended.</param>
/// <param name="More">Some line has more than one leaf holds.</param>
internal sealed record LogReading(IReadOnlyList<LogExtent> Extents, IReadOnlyList<string> Broken, bool More)
{
    /// <summary>Rule J8: a checkpoint at least every 1,000 records.</summary>
    private const int MostRecords = 1_000;

    /// <summary>Reads the journal's new records and checks that they follow what the log holds of their line.</summary>
    public static LogReading Of(IJournalSource journal, IReadOnlyDictionary<LineId, LineHead> ends)
    {
        var (extents, broken, more) = (new List<LogExtent>(), new List<string>(), false);
        foreach (var line in journal.Lines)
        {
            var from = ends.GetValueOrDefault(line, new LineHead(0, Digest.None));
            var end = from;
            try
            {
                foreach (var record in journal.Chain(line, from).Take(MostRecords))
                {
                    end = new LineHead(record.Sequence, record.Hash);
                }
            }
            catch (BrokenChainException e)
            {
                broken.Add(e.Message);
            }

            if (end.Sequence > from.Sequence)
            {
                extents.Add(new LogExtent(line, from.Sequence + 1, end.Sequence, end.Hash));
                more |= end.Sequence - from.Sequence == MostRecords;
            }
        }

        return new LogReading(extents, broken, more);
    }
}
