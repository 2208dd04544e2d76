using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

/// <summary>
/// What a line's journal says first after it was restored from a backup. The lost records may have granted later epochs and gone on
/// counting in the current one; no key of theirs may be used again (rule S4).
/// </summary>
public static class Restoring
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>
    /// No epoch up to this one is granted after the restore: the time of the restore in microseconds since 1970. Epochs count up by one a
    /// grant, and each grant is a commit, so however many were granted since any earlier restore, they lie far below. Two restores, of the
    /// same backup too, have different floors as long as the clock does not go back between them.
    /// </summary>
    public static long EpochFloor(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond;

    /// <summary>
    /// Rule J7: open parts conclude LostAtSource and current epochs end, their tail unknown; then the floor. In the order to append them.
    /// </summary>
    /// <param name="state">The line as the backup has it; empty for a line that the backup does not hold.</param>
    public static IReadOnlyList<ILineEvent> Events(LedgerState state, JournalRestored restored)
    {
        var events = new List<ILineEvent>();
        foreach (var station in state.Stations.Values.Where(s => !s.Ended).OrderBy(s => s.Station.Value, StringComparer.Ordinal))
        {
            const string Source = "journal restored from a backup";
            foreach (var (from, to) in CounterRanges.Of(station.Open.Keys))
            {
                events.Add(new PartsFellBack(restored.UtcTicks, station.Station, station.Epoch, from, to, FallbackReason.LostAtSource, $"open when epoch {station.Epoch} ended: {Source}"));
            }

            events.Add(new EpochEnded(restored.UtcTicks, station.Station, station.Epoch, station.SeenUpTo, EpochTail.Unknown, Source));
        }

        events.Add(restored);
        return events;
    }
}
