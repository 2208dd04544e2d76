using Akka;
using Akka.Streams.Dsl;
using Inspection.Protocol;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>Rule S8: the frame becomes the model's input, in the same slot, in one pass; its digest goes into the record (rule J5).</summary>
public static class PrepareStage
{
    public static Flow<FrameTicket, FrameTicket, NotUsed> For(PreparationSpec spec)
    {
        var preparer = new Preparer(spec);
        return Flow.Create<FrameTicket>().Select(ticket =>
        {
            if (ticket is { Outcome: null, Slot: { } slot })
            {
                _ = preparer.Run(slot);
                ticket.TensorDigest = Digest.Of(slot.Tensor);
            }

            return ticket;
        });
    }
}
