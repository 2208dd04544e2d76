using Akka.Actor;
using Inspection.Decisions.Work;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>What a worker's stream tells the node's dispatcher, in the order the worker said it.</summary>
internal abstract record RemoteMessage(WorkerStream Stream) : INoSerializationVerificationNeeded
{
    /// <summary>Said hello and was welcomed.</summary>
    public sealed record Joined(WorkerStream Stream, WorkerPackages Packages) : RemoteMessage(Stream);

    /// <summary>Its packages changed.</summary>
    public sealed record Has(WorkerStream Stream, WorkerPackages Packages) : RemoteMessage(Stream);

    /// <summary>So many more frames than before, by stage.</summary>
    public sealed record Credited(WorkerStream Stream, int Coarse, int Verify) : RemoteMessage(Stream);

    public sealed record Answered(WorkerStream Stream, WorkAnswer Answer) : RemoteMessage(Stream);

    /// <summary>An offer that was never written to it: withdrawn, or its time was over.</summary>
    public sealed record Unsent(WorkerStream Stream, OutboundWork Work) : RemoteMessage(Stream);

    /// <summary>It wants no more work; what it has will be answered.</summary>
    public sealed record Drains(WorkerStream Stream) : RemoteMessage(Stream);

    /// <summary>The stream has ended, well or badly.</summary>
    public sealed record Left(WorkerStream Stream) : RemoteMessage(Stream);
}
