using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Audit;

/// <summary>The interlock of a station has stopped its line, and nobody has let it run again.</summary>
/// <param name="Change">Which change of this station's interlock.</param>
/// <param name="Since">UTC.</param>
/// <param name="Sequence">The record that says so.</param>
public sealed record StationStop(string Station, long Change, DateTime Since, string Why, long Sequence)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"since {Since:yyyy-MM-dd HH:mm:ss} UTC (change {Change}, record {Sequence}): {Why}");
}

/// <summary>Which stations stand, record by record.</summary>
internal sealed class StationStops
{
    private readonly SortedDictionary<string, StationStop> _stops = new(StringComparer.Ordinal);

    public IReadOnlyList<StationStop> Now => [.. _stops.Values];

    public void Apply(InterlockChanged e, long sequence)
    {
        if (InterlockChanged.IsStopped(e.Change))
        {
            _stops[e.Station.Value] = new StationStop(e.Station.Value, e.Change, new DateTime(e.UtcTicks, DateTimeKind.Utc), e.Why, sequence);
        }
        else
        {
            _ = _stops.Remove(e.Station.Value);
        }
    }
}
