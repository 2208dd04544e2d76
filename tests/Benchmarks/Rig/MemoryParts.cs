using Inspection.Vision.Cameras;

namespace Inspection.Benchmarks.Rig;

/// <summary>So many parts, named before the clock runs. Asked in order only: a benchmark starts on an empty journal.</summary>
internal sealed class MemoryParts(int count) : IPartSource
{
    private readonly string[] _ids = [.. Enumerable.Range(1, count).Select(i => $"part-{i:D8}")];
    private int _next;

    public string? NextAfter(string externalId) => _next < _ids.Length ? _ids[_next++] : null;

    public long? CountAfter(string externalId) => _ids.Length;
}
