using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>Answers between their wire form and the ticket.</summary>
internal static class WorkAnswers
{
    /// <exception cref="ArgumentException">Something is missing or out of its range.</exception>
    public static WorkAnswer Read(Answer wire) => new(wire.Offer, wire.Generation, wire.ResultCase switch
    {
        Answer.ResultOneofCase.Scored => ReadScored(wire.Scored),
        Answer.ResultOneofCase.Verified => new WorkResult.Looked(
            DataPlaneValues.FromWire(wire.Verified.Stamp),
            [.. wire.Verified.ProbabilityBits.Select(DataPlaneValues.Float)]),
        Answer.ResultOneofCase.Failed => new WorkResult.Failed(wire.Failed),
        Answer.ResultOneofCase.GivenUp => new WorkResult.GivenUp(wire.GivenUp),
        _ => throw new ArgumentException($"the answer to offer {wire.Offer} has no result this version knows"),
    });

    /// <summary>Writes the result into the ticket, which the caller holds.</summary>
    public static void ApplyTo(this WorkResult result, FrameTicket ticket)
    {
        switch (result)
        {
            case WorkResult.Scored x:
                ticket.Score(x.Score, x.Ood, x.Stamp);
                x.Regions.CopyTo(ticket.RegionRoom);
                x.Peaks.CopyTo(ticket.PeakRoom);
                ticket.RegionCount = x.Regions.Length;
                break;
            case WorkResult.Looked x:
                x.Probabilities.CopyTo(ticket.ProbabilityRoom(ticket.Models.Verifier!.Manifest.Verifier!.Classes.Count));
                ticket.Verify(x.Stamp);
                break;
            case WorkResult.Failed x when FrameWay.Failed(ticket.Stage) is { } outcome:
                ticket.EndWith(outcome, x.Why);
                break;
            default:
                break;
        }
    }

    private static WorkResult.Scored ReadScored(Scored wire) => wire.Regions.Count <= FrameTicket.MaxRegions
        ? new WorkResult.Scored(
            DataPlaneValues.Float(wire.CoarseScoreBits),
            DataPlaneValues.Float(wire.OodScoreBits),
            DataPlaneValues.FromWire(wire.Stamp),
            [.. wire.Regions.Select(r => DataPlaneValues.FromWire(r.Box))],
            [.. wire.Regions.Select(r => DataPlaneValues.Float(r.PeakScoreBits))])
        : throw new ArgumentException($"an answer has {wire.Regions.Count} regions; at most {FrameTicket.MaxRegions} are allowed");
}
