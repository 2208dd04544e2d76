using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;
using InferenceStamp = Inspection.Protocol.InferenceStamp;
using PixelBox = Inspection.Protocol.PixelBox;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>What a worker says of one offer, read and checked for form; whether it counts is the dispatcher's to say.</summary>
/// <param name="Offer">Which.</param>
/// <param name="Generation">Of the slot as it was offered (rule W3).</param>
internal sealed record WorkAnswer(long Offer, int Generation, WorkResult Result)
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

    /// <summary>Whether it can be the answer to this work; null where it can, else why not.</summary>
    public string? Mismatch(OutboundWork work) => Result switch
    {
        WorkResult.Scored when work.Stage != WorkStage.Coarse => "it scores where regions were to be verified",
        WorkResult.Scored x when x.Regions.Any(r => (long)r.X + r.Width > work.Frame.Width || (long)r.Y + r.Height > work.Frame.Height) => "a region lies outside of the frame",
        WorkResult.Looked when work.Stage != WorkStage.Verify => "it verifies where a frame was to be scored",
        WorkResult.Looked x when x.Probabilities.Length != work.Regions.Length * work.Classes =>
            $"it has {x.Probabilities.Length} probabilities for {work.Regions.Length} regions of {work.Classes} classes",
        _ => null,
    };

    /// <summary>Writes the result into the ticket, which the caller holds. A failure is as a worker of this process reports it (rule W7).</summary>
    public void ApplyTo(FrameTicket ticket)
    {
        switch (Result)
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
            case WorkResult.Failed x when ticket.Stage == WorkStage.Coarse:
                ticket.EndWith(Protocol.ViewOutcome.NoModel, x.Why);
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

internal abstract record WorkResult
{
    public sealed record Scored(float Score, float Ood, InferenceStamp Stamp, PixelBox[] Regions, float[] Peaks) : WorkResult;

    /// <param name="Probabilities">[regions, classes].</param>
    public sealed record Looked(InferenceStamp Stamp, float[] Probabilities) : WorkResult;

    public sealed record Failed(string Why) : WorkResult;

    /// <summary>Undone, for want of time or room.</summary>
    public sealed record GivenUp(string Why) : WorkResult;
}
