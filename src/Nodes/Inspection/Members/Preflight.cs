using Inspection.Console;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>
/// Before a node joins it reads what the supervisors say of themselves, and refuses to go where it does not belong: another cluster, another
/// version of the protocol, another plant file, an id that is taken. So it harms nobody.
/// </summary>
internal static class Preflight
{
    /// <summary>Asks each supervisor once; those that do not answer yet are not there yet.</summary>
    /// <exception cref="PlantException">This node does not belong there: what differs, and what to do.</exception>
    public static async Task CheckAsync(NodeState state, Output output, CancellationToken cancel)
    {
        var self = new HostPort(state.Plan.Host, state.Plan.HttpPort);
        var pages = await Task.WhenAll(state.Plan.Supervisors.Where(s => s != self).Select(async s => (At: s, Page: await NodePage.ReadAsync(s.ToString(), cancel))));
        foreach (var (at, page) in pages)
        {
            // a supervisor may stand in the list under another name than its own: then it has asked itself
            if (page is not null && page.Incarnation != state.Incarnation)
            {
                Compare(state, at, page, output);
            }
        }
    }

    public static void Compare(NodeState state, HostPort at, NodePage page, Output output)
    {
        var plan = state.Plan;
        if (page.Cluster != plan.Cluster)
        {
            throw new PlantException($"{plan.File}: the supervisor at {at} belongs to cluster '{page.Cluster}', this node to '{plan.Cluster}': correct cluster or supervisors in the node file");
        }

        if (page.Protocol != NodeMessages.ProtocolVersion)
        {
            throw new PlantException($"{plan.File}: node {page.Node} at {at} speaks protocol version {page.Protocol}, this node {NodeMessages.ProtocolVersion}: nodes of one plant run one version; update this one or that");
        }

        if (page.Plant != state.Plant.Digest.ToString())
        {
            throw new PlantException($"{plan.PlantFile}: it differs from the plant file of node {page.Node} at {at} ({state.Plant.Digest.Short} here, {page.Plant[..12]} there): give all nodes the same file");
        }

        if (page.Node == plan.Id.Value)
        {
            throw new PlantException($"{plan.File}: id '{plan.Id}' belongs to the node at {at} already: give this one an id of its own");
        }

        var offset = page.Utc - DateTime.UtcNow;
        if (offset.Duration() > NodeAgent.LargestClockOffset)
        {
            output.Warning($"the clock of node {page.Node} at {at} differs by {offset.TotalSeconds:0.0} s from this node's; decisions do not use it (rule L4), but the journal's times do: set it right (NTP)");
        }
    }
}
