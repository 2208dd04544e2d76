using System.Globalization;
using Akka.Actor;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Inference.DataPlane;

namespace Inspection.Members;

/// <summary>Tells a worker node's links which sensor nodes there are, and where they serve their frames (rule W1).</summary>
internal sealed class SensorWatch(IActorRef links) : UntypedActor
{
    public static Props Props(IActorRef links) => Akka.Actor.Props.Create(() => new SensorWatch(links));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeAppeared { Node.Identity: { DataPlane: { Length: > 0 } at } sensor }:
                var colon = at.LastIndexOf(':');
                links.Tell(new LinkMessages.SensorAppeared(sensor.Node, at[..colon], int.Parse(at.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture)));
                break;
            case NodeLeft { Node.Identity: { DataPlane.Length: > 0 } sensor }:
                links.Tell(new LinkMessages.SensorLeft(sensor.Node));
                break;
            case NodeAppeared or NodeLeft:
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
