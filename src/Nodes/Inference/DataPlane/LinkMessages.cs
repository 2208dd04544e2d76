using Akka.Actor;
using Inspection.Protocol;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>What <see cref="WorkerLinks"/> takes and answers. In this process only.</summary>
public static class LinkMessages
{
    /// <summary>A sensor node serves frames there (its address came through the cluster). Again with another address: it has moved.</summary>
    public sealed record SensorAppeared(NodeId Node, string Host, int Port) : INoSerializationVerificationNeeded;

    /// <summary>It left the cluster: its link is closed at once.</summary>
    public sealed record SensorLeft(NodeId Node) : INoSerializationVerificationNeeded;

    /// <summary>Take no more work, finish and answer what is in hand, close. Answered with <see cref="Drained"/>.</summary>
    public sealed record Drain : INoSerializationVerificationNeeded;

    /// <param name="Complete">False where the time to drain was over with work still in hand; its sensor nodes offer it to others.</param>
    public sealed record Drained(bool Complete) : INoSerializationVerificationNeeded;

    /// <summary>Answered with <see cref="Links"/>.</summary>
    public sealed record GetLinks : INoSerializationVerificationNeeded;

    public sealed record Links(IReadOnlyList<LinkStatus> All) : INoSerializationVerificationNeeded;

    /// <param name="InHand">Offers not answered yet.</param>
    /// <param name="Trouble">Why it is not connected; empty where it is.</param>
    public sealed record LinkStatus(NodeId Sensor, bool Connected, int InHand, string Trouble);
}
