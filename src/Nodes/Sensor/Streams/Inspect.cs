using Akka;
using Akka.Actor;
using Akka.Streams.Dsl;
using Inspection.Decisions.Work;
using Inspection.Protocol;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// Hands tickets that need a worker to the work dispatcher; they come back, in any order, through the camera's inbox with their answer. A
/// candidate goes round a second time, to a verifier (rule W6). What has ended passes on. No buffer: no more are away than there are slots.
/// </summary>
public static class Inspect
{
    /// <param name="answer">Where a worker gives the ticket back.</param>
    public static Flow<FrameTicket, FrameTicket, NotUsed> By(IActorRef dispatcher, Action<FrameTicket> answer) => Flow.Create<FrameTicket>().Where(ticket =>
    {
        if (Needs(ticket) is not { } stage)
        {
            return true;
        }

        (ticket.Stage, ticket.Done) = (stage, answer);
        dispatcher.Tell(ticket);
        return false;
    });

    private static WorkStage? Needs(FrameTicket ticket) => FrameWay.Next(ticket.Outcome, ticket.Stage, ticket.RegionCount, ticket.Models.Verifier is not null);
}
