using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Protocol;

namespace Inspection.EndToEnd.Tests.Harness;

/// <summary>A journal of events that no plant would write, its chain and its bundle as they should be: whoever can compute SHA-256 can make one.</summary>
internal sealed class HandMade(IReadOnlyList<ILineEvent> line, IReadOnlyList<ILineEvent> log) : IJournalSource
{
    public string Description => "made by hand";

    public IReadOnlyList<LineId> Lines => [new LineId(SmallBundle.Line)];

    public static string Bundle(Scratch scratch, ILineEvent[] line, ILineEvent[] log)
    {
        using var source = new HandMade(line, log);
        _ = BundleExporter.Export(source, scratch["handmade"], "tested", ExportFilter.Everything, TimeProvider.System);
        return scratch["handmade"];
    }

    public IEnumerable<StoredRecord> Records(LineId id, long after = 0) => Seal(id, line).Where(r => r.Sequence > after);

    public IEnumerable<StoredRecord> LogRecords(long after = 0) => Seal(LogChain.Id, log).Where(r => r.Sequence > after);

    public void Dispose()
    {
        // holds nothing
    }

    private static IEnumerable<StoredRecord> Seal(LineId id, IReadOnlyList<ILineEvent> events)
    {
        var chain = new ChainWriter(id);
        return events.Select((e, i) => new StoredRecord(i + 1, null, chain.Seal(e).Bytes));
    }
}
