using Inspection.Audit.Journals;
using Inspection.Audit.Transparency;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>What lines have written since the last leaf.</summary>
/// <param name="Extents">The leaves to come: of one line in the order of its records.</param>
/// <param name="Broken">Lines whose records do not follow: they get no leaf until they are mended.</param>
/// <param name="More">Some line has more than one round takes.</param>
internal sealed record LogReading(IReadOnlyList<LogExtent> Extents, IReadOnlyList<string> Broken, bool More)
{
    /// <summary>Rule J8: a leaf covers so many records at most.</summary>
    private const int MostRecords = 1_000;

    /// <summary>Of one line in one round, so that a round takes a second or two whatever has piled up.</summary>
    private const int MostLeaves = 64;

    /// <summary>Reads the journal's new records and checks that they follow what the log holds of their line.</summary>
    public static LogReading Of(IJournalSource journal, IReadOnlyDictionary<LineId, LineHead> ends)
    {
        var (extents, broken, more) = (new List<LogExtent>(), new List<string>(), false);
        foreach (var line in journal.Lines)
        {
            var (leafEnd, end) = (ends.GetValueOrDefault(line, new LineHead(0, Digest.None)), default(LineHead?));
            var last = leafEnd.Sequence + (MostLeaves * MostRecords);
            try
            {
                foreach (var head in journal.Heads(line, leafEnd).TakeWhile(h => h.Sequence <= last))
                {
                    end = head;
                    if (head.Sequence - leafEnd.Sequence == MostRecords)
                    {
                        extents.Add(new LogExtent(line, leafEnd.Sequence + 1, head.Sequence, head.Hash));
                        (leafEnd, end) = (head, null);
                    }
                }
            }
            catch (BrokenChainException e)
            {
                broken.Add(e.Message);
            }

            if (end is { } rest)
            {
                extents.Add(new LogExtent(line, leafEnd.Sequence + 1, rest.Sequence, rest.Hash));
            }

            more |= leafEnd.Sequence == last;
        }

        return new LogReading(extents, broken, more);
    }
}
