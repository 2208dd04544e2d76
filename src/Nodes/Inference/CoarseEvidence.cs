using Inspection.Decisions.Policy;
using Inspection.Vision.Inference;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Inference;

/// <summary>What a coarse run says of a frame, into its ticket; with the regions of a candidate where somebody looks closer (rule W6).</summary>
public static class CoarseEvidence
{
    /// <param name="map">[MapHeight, MapWidth] of this frame.</param>
    public static void Write(FrameTicket ticket, ICoarseSession session, CoarseResult result, ReadOnlySpan<float> map)
    {
        ticket.Score(result.Score, result.Ood, session.Stamp);
        if (ticket.Crops is { } crops && ViewPolicy.IsCandidate(result.Score, ticket.Models.Coarse.Policy))
        {
            var shape = session.Manifest.Coarse!;
            ticket.RegionCount = CandidateRegions.Select(
                map,
                shape.MapHeight,
                shape.MapWidth,
                ticket.Slot!.Geometry,
                crops,
                shape.Candidate,
                ticket.RegionRoom,
                ticket.PeakRoom);
        }
    }
}
