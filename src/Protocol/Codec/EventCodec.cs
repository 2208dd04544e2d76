using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

/// <summary>Manifests and wire forms of what a line's journal keeps.</summary>
internal static class EventCodec
{
    public static MessageEntry[] Entries { get; } =
    [
        MessageEntry.Of<EpochGranted, Wire.EpochGranted>(
            "EG",
            Wire.EpochGranted.Parser,
            e => new() { UtcTicks = e.UtcTicks, Station = Name(e.Station), Epoch = e.Epoch, Holder = Name(e.Holder), Incarnation = e.Incarnation },
            w => new(w.UtcTicks, new StationId(w.Station), w.Epoch, new NodeId(w.Holder), w.Incarnation)),
        MessageEntry.Of<TriggersSeen, Wire.TriggersSeen>(
            "TS",
            Wire.TriggersSeen.Parser,
            e => new() { UtcTicks = e.UtcTicks, Station = Name(e.Station), Epoch = e.Epoch, UpTo = e.UpTo, ExternalIds = { e.ExternalIds } },
            w => new(w.UtcTicks, new StationId(w.Station), w.Epoch, w.UpTo, w.ExternalIds.ToEquatableList())),
        MessageEntry.Of<EpochEnded, Wire.EpochEnded>(
            "EE",
            Wire.EpochEnded.Parser,
            e => new() { UtcTicks = e.UtcTicks, Station = Name(e.Station), Epoch = e.Epoch, Last = e.Last, Tail = (Wire.EpochTail)Number(e.Tail), Source = e.Source },
            w => new(w.UtcTicks, new StationId(w.Station), w.Epoch, w.Last, Member<EpochTail>((int)w.Tail), w.Source)),
        MessageEntry.Of<RecipeActivated, Wire.RecipeActivated>(
            "RA",
            Wire.RecipeActivated.Parser,
            e => new() { UtcTicks = e.UtcTicks, Recipe = RecipeCodec.ToWire(e.Recipe), By = e.By, Why = e.Why },
            w => new(w.UtcTicks, RecipeCodec.FromWire(w.Recipe), w.By, w.Why)),
        MessageEntry.Of<ModelActivated, Wire.ModelActivated>(
            "MA",
            Wire.ModelActivated.Parser,
            e => new() { UtcTicks = e.UtcTicks, Policy = RecipeCodec.ToWire(e.Policy), PackageName = e.PackageName, Manifest = e.Manifest, SignatureId = e.SignatureId, Approval = e.Approval, By = e.By, Why = e.Why },
            w => new(w.UtcTicks, RecipeCodec.FromWire(w.Policy), w.PackageName, w.Manifest, w.SignatureId, w.Approval, w.By, w.Why)),
        MessageEntry.Of<PartConcluded, Wire.PartConcluded>("PC", Wire.PartConcluded.Parser, ToWire, FromWire),
        MessageEntry.Of<PartsFellBack, Wire.PartsFellBack>(
            "PF",
            Wire.PartsFellBack.Parser,
            e => new() { UtcTicks = e.UtcTicks, Station = Name(e.Station), Epoch = e.Epoch, From = e.From, To = e.To, Reason = (Wire.FallbackReason)Number(e.Reason), Detail = e.Detail },
            w => new(w.UtcTicks, new StationId(w.Station), w.Epoch, w.From, w.To, Member<FallbackReason>((int)w.Reason), w.Detail)),
        MessageEntry.Of<GateActed, Wire.GateActed>(
            "GA",
            Wire.GateActed.Parser,
            e => new() { UtcTicks = e.UtcTicks, Station = Name(e.Station), Epoch = e.Epoch, From = e.From, Count = e.Count, Passed = Bytes(Bitmap(e.Count, e.Passed)) },
            w => new(w.UtcTicks, new StationId(w.Station), w.Epoch, w.From, w.Count, Bitmap(w.Count, List(w.Passed)))),
        MessageEntry.Of<PartReviewed, Wire.PartReviewed>(
            "PR",
            Wire.PartReviewed.Parser,
            e => new() { UtcTicks = e.UtcTicks, Key = Key(e.Key), Before = MaybeConclusion(e.Before), After = (Wire.Verdict)Number(e.After), By = e.By, Why = e.Why },
            w => new(w.UtcTicks, Key(w.Key), MaybeConclusion(w.Before), Member<Verdict>((int)w.After), w.By, w.Why)),
        MessageEntry.Of<LateEvidence, Wire.LateEvidence>(
            "LE",
            Wire.LateEvidence.Parser,
            e => new() { UtcTicks = e.UtcTicks, Key = Key(e.Key), Camera = Name(e.Camera), Outcome = (Wire.ViewOutcome)Number(e.Outcome), CoarseScoreBits = Bits(e.CoarseScore), FrameDigest = Bytes(e.FrameDigest) },
            w => new(w.UtcTicks, Key(w.Key), new CameraId(w.Camera), Member<ViewOutcome>((int)w.Outcome), Float(w.CoarseScoreBits), Digest(w.FrameDigest))),
        MessageEntry.Of<FrameErased, Wire.FrameErased>(
            "FE",
            Wire.FrameErased.Parser,
            e => new() { UtcTicks = e.UtcTicks, Key = Key(e.Key), Camera = Name(e.Camera), FrameDigest = Bytes(e.Frame), By = e.By, Why = e.Why },
            w => new(w.UtcTicks, Key(w.Key), new CameraId(w.Camera), Digest(w.FrameDigest), w.By, w.Why)),
        MessageEntry.Of<InterlockChanged, Wire.InterlockChanged>(
            "IC",
            Wire.InterlockChanged.Parser,
            e => new() { UtcTicks = e.UtcTicks, Station = Name(e.Station), Change = e.Change, By = e.By, Why = e.Why },
            w => new(w.UtcTicks, new StationId(w.Station), w.Change, w.By, w.Why)),
        MessageEntry.Of<JournalRestored, Wire.JournalRestored>(
            "JR",
            Wire.JournalRestored.Parser,
            e => new() { UtcTicks = e.UtcTicks, EpochFloor = e.EpochFloor, BackupUtcTicks = e.BackupUtcTicks, Backup = Bytes(e.Backup), By = e.By },
            w => new(w.UtcTicks, w.EpochFloor, w.BackupUtcTicks, Digest(w.Backup), w.By)),
        MessageEntry.Of<LogExtended, Wire.LogExtended>(
            "LX",
            Wire.LogExtended.Parser,
            e => new() { UtcTicks = e.UtcTicks, FirstLeaf = e.FirstLeaf, Extents = { e.Extents.Select(x => new Wire.LogExtent { Line = Name(x.Line), From = x.From, To = x.To, Head = Bytes(x.Head) }) } },
            w => new(w.UtcTicks, w.FirstLeaf, w.Extents.Select(x => new LogExtent(new LineId(x.Line), x.From, x.To, Digest(x.Head))).ToEquatableList())),
        MessageEntry.Of<LogSigned, Wire.LogSigned>(
            "LS",
            Wire.LogSigned.Parser,
            e => new() { UtcTicks = e.UtcTicks, Size = e.Size, Note = e.Note },
            w => new(w.UtcTicks, w.Size, w.Note)),
        MessageEntry.Of<LogKeyChanged, Wire.LogKeyChanged>(
            "LK",
            Wire.LogKeyChanged.Parser,
            e => new() { UtcTicks = e.UtcTicks, VerifierKey = e.VerifierKey },
            w => new(w.UtcTicks, w.VerifierKey)),
    ];

    private static Wire.PartConcluded ToWire(PartConcluded e)
    {
        var wire = new Wire.PartConcluded
        {
            UtcTicks = e.UtcTicks,
            Key = Key(e.Key),
            ExternalId = e.ExternalId,
            RecipeName = e.RecipeName,
            Conclusion = Conclusion(e.Conclusion),
            Reason = e.Reason,
            Disposition = (Wire.Disposition)Number(e.Disposition),
            DefectClass = e.DefectClass,
            NearMissMarginBits = Bits(e.NearMissMargin),
            DeadlineTicks = e.Deadline.Ticks,
            ElapsedTicks = e.Elapsed.Ticks,
            WriterEpoch = e.WriterEpoch,
        };
        var known = new List<InferenceStamp>(2);
        foreach (var view in e.Views.AsSpan())
        {
            wire.Views.Add(EvidenceCodec.ToWire(view, wire.Stamps, known));
        }

        return wire;
    }

    private static PartConcluded FromWire(Wire.PartConcluded wire)
    {
        var stamps = EvidenceCodec.FromWire(wire.Stamps);
        return new PartConcluded
        {
            UtcTicks = wire.UtcTicks,
            Key = Key(wire.Key),
            ExternalId = wire.ExternalId,
            RecipeName = wire.RecipeName,
            Views = wire.Views.Select(v => EvidenceCodec.FromWire(v, stamps)).ToEquatableList(),
            Conclusion = Conclusion(wire.Conclusion),
            Reason = wire.Reason,
            Disposition = Member<Disposition>((int)wire.Disposition),
            DefectClass = wire.DefectClass,
            NearMissMargin = Float(wire.NearMissMarginBits),
            Deadline = TimeSpan.FromTicks(wire.DeadlineTicks),
            Elapsed = TimeSpan.FromTicks(wire.ElapsedTicks),
            WriterEpoch = wire.WriterEpoch,
        };
    }
}
