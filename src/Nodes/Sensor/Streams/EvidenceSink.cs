using Akka;
using Akka.Streams.Dsl;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>The end of a camera's graph: the ticket becomes evidence and is free again. No buffer. Fails with the graph.</summary>
public static class EvidenceSink
{
    public static Sink<FrameTicket, Task<Done>> To(Action<FrameTicket> end) => Sink.ForEach(end);
}
