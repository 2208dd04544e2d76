using Google.Protobuf.Collections;
using static Inspection.Protocol.WireValues;

namespace Inspection.Protocol;

/// <summary>
/// Views and the stamps of the computations behind them. Stamps repeat from view to view: each enclosing message holds the distinct
/// ones once and views point to them, so that a stored record replays alone.
/// </summary>
internal static class EvidenceCodec
{
    public static Wire.ViewEvidence ToWire(ViewEvidence view, RepeatedField<Wire.InferenceStamp> stamps, List<InferenceStamp> known)
    {
        var wire = new Wire.ViewEvidence
        {
            Camera = Name(view.Camera),
            Outcome = (Wire.ViewOutcome)Number(view.Outcome),
            Detail = view.Detail,
            ExposureUtcTicks = view.ExposureUtcTicks,
            DeviceCounter = view.DeviceCounter,
            TensorDigest = Bytes(view.TensorDigest),
            FrameDigest = Bytes(view.FrameDigest),
            FrameSampled = view.FrameSampled,
            CoarseScoreBits = Bits(view.CoarseScore),
            OodScoreBits = Bits(view.OodScore),
            CoarseStamp = Point(view.Coarse, stamps, known),
            VerifierStamp = Point(view.Verifier, stamps, known),
        };
        foreach (var candidate in view.Candidates.AsSpan())
        {
            wire.Candidates.Add(new Wire.CandidateEvidence
            {
                Box = new Wire.PixelBox { X = candidate.Box.X, Y = candidate.Box.Y, Width = candidate.Box.Width, Height = candidate.Box.Height },
                PeakScoreBits = Bits(candidate.PeakScore),
                Verified = candidate.Verified,
                DefectClass = candidate.DefectClass,
                DefectProbabilityBits = Bits(candidate.DefectProbability),
            });
        }

        return wire;
    }

    public static ViewEvidence FromWire(Wire.ViewEvidence? wire, InferenceStamp[] stamps) => wire is null
        ? throw new ArgumentException("the view's evidence is missing")
        : new ViewEvidence
        {
            Camera = new CameraId(wire.Camera),
            Outcome = Member<ViewOutcome>((int)wire.Outcome),
            Detail = wire.Detail,
            ExposureUtcTicks = wire.ExposureUtcTicks,
            DeviceCounter = wire.DeviceCounter,
            TensorDigest = Digest(wire.TensorDigest),
            FrameDigest = Digest(wire.FrameDigest),
            FrameSampled = wire.FrameSampled,
            CoarseScore = Float(wire.CoarseScoreBits),
            OodScore = Float(wire.OodScoreBits),
            Coarse = Follow(wire.CoarseStamp, stamps, wire.Camera),
            Verifier = Follow(wire.VerifierStamp, stamps, wire.Camera),
            Candidates = wire.Candidates.Select(FromWire).ToEquatableList(),
        };

    public static InferenceStamp[] FromWire(RepeatedField<Wire.InferenceStamp> stamps) => stamps.Count == 0 ? [] : [.. stamps.Select(StampCodec.FromWire)];

    private static CandidateEvidence FromWire(Wire.CandidateEvidence wire) => new(
        wire.Box is { } box ? new PixelBox(box.X, box.Y, box.Width, box.Height) : throw new ArgumentException("a candidate's box is missing"),
        Float(wire.PeakScoreBits),
        wire.Verified,
        wire.DefectClass,
        Float(wire.DefectProbabilityBits));

    private static uint Point(InferenceStamp? stamp, RepeatedField<Wire.InferenceStamp> stamps, List<InferenceStamp> known)
    {
        if (stamp is null)
        {
            return 0;
        }

        var index = known.IndexOf(stamp);
        if (index < 0)
        {
            index = known.Count;
            known.Add(stamp);
            stamps.Add(StampCodec.ToWire(stamp));
        }

        return (uint)index + 1;
    }

    private static InferenceStamp? Follow(uint pointer, InferenceStamp[] stamps, string camera) => pointer switch
    {
        0 => null,
        _ when pointer <= stamps.Length => stamps[pointer - 1],
        _ => throw new ArgumentException($"view {camera} points to stamp {pointer} of {stamps.Length}"),
    };
}
