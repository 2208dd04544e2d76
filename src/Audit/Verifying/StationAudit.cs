using Inspection.Protocol;

namespace Inspection.Audit.Verifying;

/// <summary>
/// One epoch of one station as its records tell it. Keeps one byte a trigger of the current epoch, and the names of open parts.
/// </summary>
internal sealed class StationAudit(StationId station, long epoch)
{
    private const byte Open = 0;

    /// <summary>First code of the fallback reasons; below it are the verdicts' own numbers.</summary>
    private const byte FirstReason = 16;

    private readonly List<byte> _states = [];
    private readonly Dictionary<long, string> _openNames = [];

    public StationId Station => station;

    public long Epoch => epoch;

    public bool Ended { get; set; }

    public long Seen => _states.Count;

    public long Acted { get; set; }

    public int OpenCount => _openNames.Count;

    public long FirstOpen => _openNames.Count == 0 ? 0 : _openNames.Keys.Min();

    public void Accept(string externalId)
    {
        _states.Add(Open);
        _openNames.Add(_states.Count, externalId);
    }

    public bool IsAccepted(long counter) => counter >= 1 && counter <= Seen;

    public string? OpenName(long counter) => _openNames.GetValueOrDefault(counter);

    /// <summary>False where it has a terminal record already.</summary>
    public bool Conclude(long counter, Conclusion conclusion)
    {
        if (!_openNames.Remove(counter))
        {
            return false;
        }

        _states[(int)(counter - 1)] = conclusion.Verdict is { } verdict ? (byte)verdict : (byte)(FirstReason + (int)conclusion.Fallback!.Value);
        return true;
    }

    /// <summary>Null while it is open.</summary>
    public Conclusion? ConclusionOf(long counter) => _states[(int)(counter - 1)] switch
    {
        Open => null,
        >= FirstReason and var reason => Conclusion.FellBack((FallbackReason)(reason - FirstReason)),
        var verdict => Conclusion.Decided((Verdict)verdict),
    };
}
