using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

/// <summary>Manifests (C..) and wire forms of what is asked of a line's supervisor.</summary>
internal static class CommandCodec
{
    public static MessageEntry[] Entries { get; } =
    [
        MessageEntry.Of<LineCommands.AcquireStation, Wire.AcquireStation>(
            "CAS",
            Wire.AcquireStation.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Node = Name(m.Node), Incarnation = m.Incarnation, Request = m.Request },
            w => new(new LineId(w.Line), new StationId(w.Station), new NodeId(w.Node), w.Incarnation, w.Request)),
        MessageEntry.Of<LineCommands.RenewStation, Wire.RenewStation>(
            "CRN",
            Wire.RenewStation.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, Node = Name(m.Node), Incarnation = m.Incarnation, Request = m.Request },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, new NodeId(w.Node), w.Incarnation, w.Request)),
        MessageEntry.Of<LineCommands.ReleaseStation, Wire.ReleaseStation>(
            "CRL",
            Wire.ReleaseStation.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, Last = m.Last },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.Last)),
        MessageEntry.Of<LineCommands.AnnounceTriggers, Wire.AnnounceTriggers>("CAT", Wire.AnnounceTriggers.Parser, ToWire, FromWire),
        MessageEntry.Of<LineCommands.SubmitEvidence, Wire.SubmitEvidence>("CSE", Wire.SubmitEvidence.Parser, ToWire, FromWire),
        MessageEntry.Of<LineCommands.ReportFellBack, Wire.ReportFellBack>(
            "CFB",
            Wire.ReportFellBack.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, From = m.From, To = m.To, Reason = (Wire.FallbackReason)Number(m.Reason), Detail = m.Detail },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.From, w.To, Member<FallbackReason>((int)w.Reason), w.Detail)),
        MessageEntry.Of<LineCommands.ReportGateActs, Wire.ReportGateActs>(
            "CGA",
            Wire.ReportGateActs.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, From = m.From, Count = m.Count, Passed = Bytes(Bitmap(m.Count, m.Passed)) },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.From, w.Count, Bitmap(w.Count, List(w.Passed)))),
        MessageEntry.Of<LineCommands.ActivateRecipe, Wire.ActivateRecipe>(
            "CAR",
            Wire.ActivateRecipe.Parser,
            m => new() { Line = Name(m.Line), Recipe = RecipeCodec.ToWire(m.Recipe), By = m.By, Why = m.Why },
            w => new(new LineId(w.Line), RecipeCodec.FromWire(w.Recipe), w.By, w.Why)),
        MessageEntry.Of<LineCommands.ActivateModel, Wire.ActivateModel>(
            "CAM",
            Wire.ActivateModel.Parser,
            m => new() { Line = Name(m.Line), Policy = RecipeCodec.ToWire(m.Policy), PackageName = m.PackageName, Manifest = m.Manifest, SignatureId = m.SignatureId, Approval = m.Approval, By = m.By, Why = m.Why },
            w => new(new LineId(w.Line), RecipeCodec.FromWire(w.Policy), w.PackageName, w.Manifest, w.SignatureId, w.Approval, w.By, w.Why)),
        MessageEntry.Of<LineCommands.ReviewPart, Wire.ReviewPart>(
            "CRP",
            Wire.ReviewPart.Parser,
            m => new() { Line = Name(m.Line), Key = Key(m.Key), Verdict = (Wire.Verdict)Number(m.Verdict), By = m.By, Why = m.Why, Before = m.Before == default ? null : MaybeConclusion(m.Before) },
            w => new(new LineId(w.Line), Key(w.Key), Member<Verdict>((int)w.Verdict), w.By, w.Why, MaybeConclusion(w.Before))),
        MessageEntry.Of<LineCommands.EraseFrame, Wire.EraseFrame>(
            "CEF",
            Wire.EraseFrame.Parser,
            m => new() { Key = Key(m.Key), Camera = Name(m.Camera), FrameDigest = Bytes(m.Frame), By = m.By, Why = m.Why },
            w => new(Key(w.Key), new CameraId(w.Camera), Digest(w.FrameDigest), w.By, w.Why)),
        MessageEntry.Of<LineCommands.ReportStopped, Wire.ReportStopped>(
            "CST",
            Wire.ReportStopped.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, Changes = m.Changes, Why = m.Why },
            w => new(new LineId(w.Line), new StationId(w.Station), w.Epoch, w.Changes, w.Why)),
        MessageEntry.Of<LineCommands.ResumeStation, Wire.ResumeStation>(
            "CRS",
            Wire.ResumeStation.Parser,
            m => new() { Line = Name(m.Line), Station = Name(m.Station), By = m.By, Why = m.Why },
            w => new(new LineId(w.Line), new StationId(w.Station), w.By, w.Why)),
    ];

    private static Wire.AnnounceTriggers ToWire(LineCommands.AnnounceTriggers m)
    {
        var wire = new Wire.AnnounceTriggers { Line = Name(m.Line), Station = Name(m.Station), Epoch = m.Epoch, From = m.From, ExternalIds = { m.ExternalIds }, AcceptedUpTo = m.AcceptedUpTo, Writer = m.Writer };
        AddTicks(wire.TimeLeftTicks, m.TimeLeft);
        return wire;
    }

    private static LineCommands.AnnounceTriggers FromWire(Wire.AnnounceTriggers w) => new(
        new LineId(w.Line),
        new StationId(w.Station),
        w.Epoch,
        w.From,
        w.ExternalIds.ToEquatableList(),
        w.TimeLeftTicks.Select(TimeSpan.FromTicks).ToEquatableList(),
        w.AcceptedUpTo,
        w.Writer);

    private static Wire.SubmitEvidence ToWire(LineCommands.SubmitEvidence m)
    {
        var wire = new Wire.SubmitEvidence { Key = Key(m.Key) };
        wire.Evidence = EvidenceCodec.ToWire(m.Evidence, wire.Stamps, new List<InferenceStamp>(2));
        return wire;
    }

    private static LineCommands.SubmitEvidence FromWire(Wire.SubmitEvidence w) => new(Key(w.Key), EvidenceCodec.FromWire(w.Evidence, EvidenceCodec.FromWire(w.Stamps)));
}
