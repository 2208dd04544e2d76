using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Protocol.Wire;
using Inspection.Vision.Work;
using ViewOutcome = Inspection.Protocol.ViewOutcome;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>A finished ticket as the answer to its offer.</summary>
internal static class AnswerEncoder
{
    public static WorkerMessage GivenUp(long offer, int generation, string why) =>
        new() { Answer = new Answer { Offer = offer, Generation = generation, GivenUp = why } };

    public static WorkerMessage Failed(long offer, int generation, string why) =>
        new() { Answer = new Answer { Offer = offer, Generation = generation, Failed = why } };

    /// <param name="ticket">Held by the caller; everything is copied.</param>
    public static WorkerMessage Of(long offer, int generation, FrameTicket ticket) => ticket switch
    {
        { Stage: WorkStage.Verify, Verified: true } => new WorkerMessage { Answer = new Answer { Offer = offer, Generation = generation, Verified = Verified(ticket) } },
        { Stage: WorkStage.Verify } => Failed(offer, generation, "no verifier gave a result; see the worker's log"),
        { Outcome: ViewOutcome.Scored } => new WorkerMessage { Answer = new Answer { Offer = offer, Generation = generation, Scored = Scored(ticket) } },
        { Outcome: ViewOutcome.Shed } => GivenUp(offer, generation, ticket.Detail),
        _ => Failed(offer, generation, ticket.Detail),
    };

    private static Scored Scored(FrameTicket ticket)
    {
        var wire = new Scored
        {
            CoarseScoreBits = DataPlaneValues.Bits(ticket.CoarseScore),
            OodScoreBits = DataPlaneValues.Bits(ticket.OodScore),
            Stamp = DataPlaneValues.ToWire(ticket.CoarseStamp!),
        };
        for (var i = 0; i < ticket.RegionCount; i++)
        {
            wire.Regions.Add(new Region { Box = DataPlaneValues.ToWire(ticket.Regions[i]), PeakScoreBits = DataPlaneValues.Bits(ticket.PeakRoom[i]) });
        }

        return wire;
    }

    private static Verified Verified(FrameTicket ticket)
    {
        var wire = new Verified { Stamp = DataPlaneValues.ToWire(ticket.VerifierStamp!) };
        foreach (var probability in ticket.ProbabilityRoom(ticket.Models.Verifier!.Manifest.Verifier!.Classes.Count))
        {
            wire.ProbabilityBits.Add(DataPlaneValues.Bits(probability));
        }

        return wire;
    }
}
