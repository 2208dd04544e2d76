using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Nodes.Tests.Replaying;

/// <summary>One line's events as a journal.</summary>
internal sealed class MemoryJournal(LineId line, params IEnumerable<ILineEvent> events) : IJournalSource
{
    private readonly List<StoredRecord> _records = Seal(line, events);

    public string Description => "memory";

    public IReadOnlyList<LineId> Lines => [line];

    public IEnumerable<StoredRecord> Records(LineId of, long after = 0) => _records.Where(r => r.Sequence > after);

    public void Dispose()
    {
        // holds nothing
    }

    private static List<StoredRecord> Seal(LineId line, IEnumerable<ILineEvent> events)
    {
        var chain = new ChainWriter(line);
        return [.. events.Select(chain.Seal).Select((s, i) => new StoredRecord(i + 1, s.Manifest, s.Bytes))];
    }
}
