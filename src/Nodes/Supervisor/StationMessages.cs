using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

internal static class StationMessages
{
    /// <summary>The station that speaks, where it is a holder's message: later notices for it go to the same sender.</summary>
    public static StationId? StationOf(this ILineMessage message) => message switch
    {
        LineCommands.AcquireStation x => x.Station,
        LineCommands.RenewStation x => x.Station,
        LineCommands.AnnounceTriggers x => x.Station,
        LineCommands.SubmitEvidence x => x.Key.Station,
        LineCommands.ReportFellBack x => x.Station,
        _ => null,
    };
}
