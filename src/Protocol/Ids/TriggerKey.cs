using System.Globalization;

namespace Inspection.Protocol;

/// <summary>
/// Rule S4: names one trigger, and so one part. The counter is issued by the station's trigger, from 1 in every epoch, without gaps;
/// it is never a device counter. Epochs are unique within a line, so LINE/EPOCH/COUNTER names a part too.
/// </summary>
public readonly record struct TriggerKey(LineId Line, StationId Station, long Epoch, long Counter) : IComparable<TriggerKey>
{
    public int CompareTo(TriggerKey other)
    {
        var byLine = string.CompareOrdinal(Line.Value, other.Line.Value);
        if (byLine != 0)
        {
            return byLine;
        }

        var byEpoch = Epoch.CompareTo(other.Epoch);
        return byEpoch != 0 ? byEpoch : Counter.CompareTo(other.Counter);
    }

    /// <summary>LINE/EPOCH/COUNTER, as the command line takes it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line}/{Epoch}/{Counter}");
}
