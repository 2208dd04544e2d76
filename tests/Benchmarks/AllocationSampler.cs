using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Inspection.Benchmarks;

/// <summary>Which types are allocated, by the runtime's GCAllocationTick event (one sample about every 100 KB, all threads).</summary>
internal sealed class AllocationSampler : EventListener
{
    private const EventKeywords Gc = (EventKeywords)1;

    private volatile bool _listens;

    public ConcurrentDictionary<string, long> Types { get; } = new(StringComparer.Ordinal);

    public bool Listens
    {
        set => _listens = value;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            EnableEvents(eventSource, EventLevel.Verbose, Gc);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_listens && eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true && eventData.Payload is { } payload)
        {
            var name = (string?)payload[eventData.PayloadNames!.IndexOf("TypeName")] ?? "?";
            var bytes = Convert.ToInt64(payload[eventData.PayloadNames!.IndexOf("AllocationAmount64")], System.Globalization.CultureInfo.InvariantCulture);
            _ = Types.AddOrUpdate(name, bytes, (_, sum) => sum + bytes);
        }
    }
}
