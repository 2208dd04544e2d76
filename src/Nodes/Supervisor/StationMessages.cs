using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

internal static class StationMessages
{
    /// <summary>Station and epoch a holder speaks for: later notices for the station go to the same sender. A node that only asks for a lease is none.</summary>
    public static (StationId Station, long Epoch)? HolderOf(this ILineMessage message) => message switch
    {
        LineCommands.RenewStation x => (x.Station, x.Epoch),
        LineCommands.AnnounceTriggers x => (x.Station, x.Epoch),
        LineCommands.SubmitEvidence x => (x.Key.Station, x.Key.Epoch),
        LineCommands.ReportFellBack x => (x.Station, x.Epoch),
        _ => null,
    };
}
