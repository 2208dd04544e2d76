namespace Inspection.Protocol;

public static class LineQueries
{
    public sealed record GetLineStatus(LineId Line) : ILineMessage;

    public sealed record StationStatus(StationId Station, long Epoch, string Holder, bool Ended, long SeenUpTo, long ConcludedUpTo, int Open, long ActedUpTo, long Interlock = 0);

    /// <summary>Promise P1 in numbers: Accepted = Decided + Fallback + Open, else the line is broken.</summary>
    public sealed record LineStatus(
        LineId Line,
        string Recipe,
        long Accepted,
        long Decided,
        long Fallback,
        long Open,
        long Ok,
        long Ng,
        long Review,
        long Sequence,
        Digest Head,
        EquatableList<StationStatus> Stations) : ILineMessage;
}
