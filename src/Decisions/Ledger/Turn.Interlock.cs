using Inspection.Protocol;

namespace Inspection.Decisions.Ledger;

public sealed partial record PartLedger
{
    /// <summary>The interlock of a station's gate. Stopped by the gate alone, let run again by a person; the count of changes says which came last.</summary>
    private sealed partial class Turn
    {
        private void Stopped(LineCommands.ReportStopped x, object? from)
        {
            if (Current(x.Station, x.Epoch) is not { } station)
            {
                Stale(x.Station, x.Epoch, from);
                return;
            }

            if (InterlockChanged.IsStopped(x.Changes))
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ReportStopped), $"station {x.Station} stood already after change {x.Changes} of its interlock"));
            }
            else if (x.Changes == station.Interlock)
            {
                Change(station, "", x.Why, from);
            }
            else if (Committed(x.Station, x.Epoch) is { } committed && committed.Interlock > x.Changes)
            {
                Reply(from, new LineReplies.InterlockRecorded(Line, x.Station, committed.Interlock));
            }
        }

        private void Resume(LineCommands.ResumeStation x, object? from)
        {
            var station = Ledger.Projected.Stations.GetValueOrDefault(x.Station);
            var refused = MissingName(x.By, x.Why)
                ?? (station is null ? $"line {Line} has had no station {x.Station}" : null)
                ?? (InterlockChanged.IsStopped(station!.Interlock) ? null : $"the interlock of station {x.Station} has not stopped the line");
            if (refused is not null)
            {
                Reply(from, new LineReplies.Refused(Line, nameof(LineCommands.ResumeStation), refused));
                return;
            }

            Change(station!, x.By, x.Why, from);
        }

        private void Change(StationState station, string by, string why, object? from)
        {
            var recorded = new LineReplies.InterlockRecorded(Line, station.Station, station.Interlock + 1);
            Decide(
                new InterlockChanged(Utc, station.Station, station.Interlock + 1, by, why),
                new LedgerEffect.Reply(from, recorded),
                new LedgerEffect.TellStation(station.Station, recorded));
        }
    }
}
