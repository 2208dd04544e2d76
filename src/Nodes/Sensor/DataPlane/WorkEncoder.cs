using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;
using CropRule = Inspection.Vision.Inference.CropRule;
using CropRuleMessage = Inspection.Protocol.Wire.CropRule;
using PixelBox = Inspection.Protocol.PixelBox;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>An offer as the message that a worker gets. Everything but the pixels is copied here, while the dispatcher holds the ticket.</summary>
internal static class WorkEncoder
{
    public static OutboundWork Encode(Offer<FrameTicket> offer, OutboundWork? earlier)
    {
        var ticket = offer.Work;
        var slot = ticket.Slot ?? throw new InvalidOperationException($"part {ticket.Key} was offered without a frame");
        var work = new Work { Offer = offer.Id, Generation = ticket.Generation, Key = DataPlaneValues.ToWire(ticket.Key), ExternalId = ticket.ExternalId };
        var (regions, masks, classes) = (Array.Empty<PixelBox>(), EquatableList<FractionBox>.Empty, 0);
        if (ticket.Stage == WorkStage.Coarse)
        {
            work.Coarse = new CoarseTask { Package = DataPlaneValues.ToWire(ticket.Models.Coarse.Package), Geometry = ToWire(slot.Geometry), Crops = ToWire(ticket.Crops) };
        }
        else
        {
            var verifier = ticket.Models.Verifier!;
            regions = new PixelBox[ticket.RegionCount];
            work.Verify = new VerifyTask { Package = DataPlaneValues.ToWire(verifier.Package), Channels = (uint)slot.Channels };
            for (var i = 0; i < regions.Length; i++)
            {
                regions[i] = CropPacking.Cut(slot, ticket.Regions[i]);
                work.Verify.Regions.Add(DataPlaneValues.ToWire(regions[i]));
            }

            (masks, classes) = (verifier.Manifest.Preparation.Masks, verifier.Manifest.Verifier!.Classes.Count);
        }

        return new OutboundWork(new SensorMessage { Work = work }, slot, ticket.DeadlineAt, regions, classes, masks) { Earlier = earlier };
    }

    private static CropRuleMessage? ToWire(CropRule? crops) => crops is { } rule
        ? new CropRuleMessage { FractionBits = BitConverter.DoubleToUInt64Bits(rule.Fraction), Minimum = rule.Minimum, MaxRegions = rule.MaxRegions }
        : null;

    private static Geometry ToWire(PreparedGeometry geometry)
    {
        var map = geometry.TensorToFrame;
        return new Geometry
        {
            FrameWidth = geometry.FrameWidth,
            FrameHeight = geometry.FrameHeight,
            TensorWidth = geometry.TensorWidth,
            TensorHeight = geometry.TensorHeight,
            TensorToFrameBits = { Bits(map.Xx), Bits(map.Xy), Bits(map.X0), Bits(map.Yx), Bits(map.Yy), Bits(map.Y0) },
            Alignment = (uint)geometry.Outcome,
        };
    }

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
