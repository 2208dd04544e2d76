using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>Stories as a journal, in memory.</summary>
internal sealed class StoryJournal(params Story[] stories) : IJournalSource
{
    public string Description => "stories";

    public IReadOnlyList<LineId> Lines => [.. stories.Select(s => s.Line)];

    public IEnumerable<StoredRecord> Records(LineId line, long after = 0) => stories.Single(s => s.Line == line).Seal().Select((r, i) => new StoredRecord(i + 1, r.Manifest, r.Bytes)).Where(r => r.Sequence > after);

    public void Dispose()
    {
        // holds nothing
    }
}
