using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

/// <summary>Manifests (Q..) and wire forms of queries and their answers.</summary>
internal static class QueryCodec
{
    public static MessageEntry[] Entries { get; } =
    [
        MessageEntry.Of<LineQueries.GetLineStatus, Wire.GetLineStatus>(
            "QLS",
            Wire.GetLineStatus.Parser,
            m => new() { Line = Name(m.Line) },
            w => new(new LineId(w.Line))),
        MessageEntry.Of<LineQueries.LineStatus, Wire.LineStatus>("QSA", Wire.LineStatus.Parser, ToWire, FromWire),
    ];

    private static Wire.LineStatus ToWire(LineQueries.LineStatus m) => new()
    {
        Line = Name(m.Line),
        Recipe = m.Recipe,
        Accepted = m.Accepted,
        Decided = m.Decided,
        Fallback = m.Fallback,
        Open = m.Open,
        Ok = m.Ok,
        Ng = m.Ng,
        Review = m.Review,
        Sequence = m.Sequence,
        Head = Bytes(m.Head),
        Stations =
        {
            m.Stations.Select(s => new Wire.StationStatus
            {
                Station = Name(s.Station),
                Epoch = s.Epoch,
                Holder = s.Holder,
                Ended = s.Ended,
                SeenUpTo = s.SeenUpTo,
                ConcludedUpTo = s.ConcludedUpTo,
                Open = s.Open,
                ActedUpTo = s.ActedUpTo,
                Interlock = s.Interlock,
            }),
        },
    };

    private static LineQueries.LineStatus FromWire(Wire.LineStatus w) => new(
        new LineId(w.Line),
        w.Recipe,
        w.Accepted,
        w.Decided,
        w.Fallback,
        w.Open,
        w.Ok,
        w.Ng,
        w.Review,
        w.Sequence,
        Digest(w.Head),
        w.Stations.Select(s => new LineQueries.StationStatus(new StationId(s.Station), s.Epoch, s.Holder, s.Ended, s.SeenUpTo, s.ConcludedUpTo, s.Open, s.ActedUpTo, s.Interlock)).ToEquatableList());
}
