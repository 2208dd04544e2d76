using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

/// <summary>Manifests (R..) and wire forms of what a line's supervisor answers.</summary>
internal static class ReplyCodec
{
    public static MessageEntry[] Entries { get; } =
    [
        MessageEntry.Of<LineReplies.StationGranted, Wire.StationGranted>(
            "RSG",
            Wire.StationGranted.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, LastExternalId = m.LastExternalId, LeaseDurationTicks = m.LeaseDuration.Ticks, Request = m.Request, Interlock = m.Interlock, Writer = m.Writer },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.LastExternalId, TimeSpan.FromTicks(w.LeaseDurationTicks), w.Request, w.Interlock, w.Writer)),
        MessageEntry.Of<LineReplies.StationRefused, Wire.StationRefused>(
            "RSR",
            Wire.StationRefused.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Reason = m.Reason, RetryAfterTicks = m.RetryAfter.Ticks },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Reason, TimeSpan.FromTicks(w.RetryAfterTicks))),
        MessageEntry.Of<LineReplies.StationRenewed, Wire.StationRenewed>(
            "RSN",
            Wire.StationRenewed.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, LeaseDurationTicks = m.LeaseDuration.Ticks, Request = m.Request, Interlock = m.Interlock, Writer = m.Writer },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, TimeSpan.FromTicks(w.LeaseDurationTicks), w.Request, w.Interlock, w.Writer)),
        MessageEntry.Of<LineReplies.StaleEpoch, Wire.StaleEpoch>(
            "RSE",
            Wire.StaleEpoch.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, CurrentEpoch = m.CurrentEpoch },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.CurrentEpoch)),
        MessageEntry.Of<LineReplies.StationReleased, Wire.StationReleased>(
            "RRL",
            Wire.StationReleased.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch)),
        MessageEntry.Of<LineReplies.TriggersAccepted, Wire.TriggersAccepted>(
            "RTA",
            Wire.TriggersAccepted.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, UpTo = m.UpTo },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.UpTo)),
        MessageEntry.Of<LineReplies.EvidenceReceived, Wire.EvidenceReceived>(
            "RER",
            Wire.EvidenceReceived.Parser,
            m => new() { Key = Key(m.Key), Camera = Name(m.Camera) },
            w => new(Key(w.Key), new CameraId(w.Camera))),
        MessageEntry.Of<LineReplies.PartClosed, Wire.PartClosed>(
            "RPC",
            Wire.PartClosed.Parser,
            m => new() { Key = Key(m.Key), Conclusion = Conclusion(m.Conclusion), Disposition = (Wire.Disposition)Number(m.Disposition), DefectClass = m.DefectClass },
            w => new(Key(w.Key), Conclusion(w.Conclusion), Member<Disposition>((int)w.Disposition), w.DefectClass)),
        MessageEntry.Of<LineReplies.AlreadyConcluded, Wire.AlreadyConcluded>(
            "RAC",
            Wire.AlreadyConcluded.Parser,
            m => new() { Key = Key(m.Key) },
            w => new(Key(w.Key))),
        MessageEntry.Of<LineReplies.FellBackRecorded, Wire.FellBackRecorded>(
            "RFB",
            Wire.FellBackRecorded.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, From = m.From, To = m.To },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.From, w.To)),
        MessageEntry.Of<LineReplies.GateActsRecorded, Wire.GateActsRecorded>(
            "RGA",
            Wire.GateActsRecorded.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, NextExpected = m.NextExpected },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.NextExpected)),
        MessageEntry.Of<LineReplies.Activated, Wire.Activated>(
            "RAV",
            Wire.Activated.Parser,
            m => new() { Line = Name(m.Line), What = m.What },
            w => new(new LineId(w.Line), w.What)),
        MessageEntry.Of<LineReplies.Refused, Wire.Refused>(
            "RRF",
            Wire.Refused.Parser,
            m => new() { Line = Name(m.Line), Command = m.Command, Reason = m.Reason },
            w => new(new LineId(w.Line), w.Command, w.Reason)),
        MessageEntry.Of<LineReplies.ReviewRecorded, Wire.ReviewRecorded>(
            "RRR",
            Wire.ReviewRecorded.Parser,
            m => new() { Key = Key(m.Key), Before = MaybeConclusion(m.Before), After = (Wire.Verdict)Number(m.After) },
            w => new(Key(w.Key), MaybeConclusion(w.Before), Member<Verdict>((int)w.After))),
        MessageEntry.Of<LineReplies.FrameErasureRecorded, Wire.FrameErasureRecorded>(
            "RFE",
            Wire.FrameErasureRecorded.Parser,
            m => new() { Key = Key(m.Key), Camera = Name(m.Camera) },
            w => new(Key(w.Key), new CameraId(w.Camera))),
        MessageEntry.Of<LineReplies.InterlockRecorded, Wire.InterlockRecorded>(
            "RIL",
            Wire.InterlockRecorded.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Changes = m.Changes },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Changes)),
    ];
}
