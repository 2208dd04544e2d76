using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;
using CropRule = Inspection.Vision.Inference.CropRule;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>What a sensor node sent as a ticket for this node's own workers.</summary>
internal static class WorkDecoder
{
    private const int MapNumbers = 6;

    /// <summary>Fills the ticket; it holds the slot from then on.</summary>
    /// <param name="now">Monotonic, of this node: the deadline is counted from here (rule L4).</param>
    /// <returns>Null, or why it cannot be done here.</returns>
    /// <exception cref="ArgumentException">Something is missing or out of its range.</exception>
    public static string? Decode(InboundMessage inbound, WorkerModels models, TimeSpan now, FrameTicket ticket)
    {
        var work = inbound.Message.Work;
        if (inbound.Slot is not { } slot)
        {
            return inbound.Problem;
        }

        var (package, found) = work.TaskCase switch
        {
            Work.TaskOneofCase.Coarse => (work.Coarse.Package, models.WithCoarse(DataPlaneValues.FromWire(work.Coarse.Package))),
            Work.TaskOneofCase.Verify => (work.Verify.Package, models.WithVerifier(DataPlaneValues.FromWire(work.Verify.Package))),
            _ => throw new ArgumentException($"offer {work.Offer} asks for nothing this version knows"),
        };
        if (found is null)
        {
            return $"package {DataPlaneValues.FromWire(package).Short} is not on this node";
        }

        ticket.Begin(DataPlaneValues.FromWire(work.Key), work.ExternalId, now + TimeSpan.FromTicks(work.TimeLeftTicks), 0, found);
        (ticket.LocalOnly, ticket.Slot, ticket.Generation) = (true, slot, slot.Generation);
        if (work.TaskCase == Work.TaskOneofCase.Coarse)
        {
            Coarse(work.Coarse, inbound.PayloadBytes, slot, ticket);
        }
        else
        {
            Verify(work.Verify, inbound.PayloadBytes, slot, ticket);
        }

        return null;
    }

    private static void Coarse(CoarseTask task, long bytes, FrameSlot slot, FrameTicket ticket)
    {
        var wanted = ticket.Models.Coarse.Manifest.Preparation.TensorLength;
        if (bytes != wanted)
        {
            throw new ArgumentException($"the tensor has {bytes} bytes, the package takes {wanted}");
        }

        slot.Geometry = FromWire(task.Geometry);
        ticket.Stage = WorkStage.Coarse;
        ticket.Crops = task.Crops is { } crops
            ? new CropRule(BitConverter.UInt64BitsToDouble(crops.FractionBits), crops.Minimum, crops.MaxRegions)
            : null;
    }

    private static void Verify(VerifyTask task, long bytes, FrameSlot slot, FrameTicket ticket)
    {
        if (task.Regions.Count is 0 or > FrameTicket.MaxRegions)
        {
            throw new ArgumentException($"{task.Regions.Count} regions are to be verified; 1 to {FrameTicket.MaxRegions} are allowed");
        }

        slot.SetCrops((int)task.Channels);
        var wanted = 0L;
        for (var i = 0; i < task.Regions.Count; i++)
        {
            var box = DataPlaneValues.FromWire(task.Regions[i]);
            ticket.RegionRoom[i] = box;
            wanted = checked(wanted + ((long)box.Width * box.Height * task.Channels)); // never a small sum of absurd sizes
        }

        if (bytes != wanted)
        {
            throw new ArgumentException($"the crops have {bytes} bytes, their sizes make {wanted}");
        }

        (ticket.RegionCount, ticket.Stage) = (task.Regions.Count, WorkStage.Verify);
    }

    private static PreparedGeometry FromWire(Geometry? wire)
    {
        if (wire is not { FrameWidth: > 0, FrameHeight: > 0, TensorWidth: > 0, TensorHeight: > 0, TensorToFrameBits.Count: MapNumbers })
        {
            throw new ArgumentException($"the geometry is not complete: {wire?.ToString() ?? "missing"}");
        }

        var map = wire.TensorToFrameBits.Select(BitConverter.UInt64BitsToDouble).ToArray();
        return new PreparedGeometry(
            wire.FrameWidth,
            wire.FrameHeight,
            wire.TensorWidth,
            wire.TensorHeight,
            new AffineMap(map[0], map[1], map[2], map[3], map[4], map[5]),
            Enum.IsDefined((AlignmentOutcome)wire.Alignment) ? (AlignmentOutcome)wire.Alignment : throw new ArgumentException($"alignment outcome {wire.Alignment} is not known"));
    }
}
