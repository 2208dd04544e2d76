using Akka;
using Akka.Streams.Dsl;
using Inspection.Protocol;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>Rule S7: a frame that nobody can judge ends here as NotInspectable, with the reason. No buffer.</summary>
public static class SentinelStage
{
    public static Flow<FrameTicket, FrameTicket, NotUsed> Check(SentinelOptions options)
    {
        var sentinel = new Sentinel(options);
        return Flow.Create<FrameTicket>().Select(ticket =>
        {
            if (ticket is { Outcome: null, Slot: { } slot } && sentinel.Check(slot) is { IsInspectable: false } verdict)
            {
                ticket.EndWith(ViewOutcome.NotInspectable, verdict.Detail);
            }

            return ticket;
        });
    }
}
