using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Discovery.Config.Hosting;
using Akka.Hosting;
using Akka.Management.Cluster.Bootstrap;
using Akka.Management.Dsl;
using Inspection.Nodes.Hosting.Nodes;
using Newtonsoft.Json;
using static Akka.Management.Cluster.Bootstrap.ContactPoint.HttpBootstrapJsonProtocol;

namespace Inspection.Nodes.Hosting.Membership;

/// <summary>
/// How the cluster forms (issue: cluster bootstrap over configured contact points): the nodes of role supervisor ask each other over HTTP; a
/// majority of them that see no cluster makes one, everybody else joins it. The library's own HTTP server is left out; the one route it
/// serves is on the node's own port (docs/decisions/0016).
/// </summary>
public static class Formation
{
    private const string Service = "inspection";

    public static AkkaConfigurationBuilder WithFormation(this AkkaConfigurationBuilder builder, NodePlan plan, bool mayForm)
    {
        // the bootstrap asks some supervisors, not all, so two may begin a cluster each; with a majority inside, only one of them gets up
        var majority = ConfigurationFactory.ParseString($"akka.cluster.role.{NodeRoles.Supervisor}.min-nr-of-members = {plan.RequiredSupervisors}");
        return builder
            .AddHocon(majority, HoconAddMode.Prepend)
            .WithConfigDiscovery(new ConfigServiceDiscoveryOptions
            {
                Services = [new Service { Name = Service, Endpoints = [.. plan.Supervisors.Select(s => s.ToString())] }],
            })
            .WithClusterBootstrap(
                o =>
                {
                    o.NewClusterEnabled = mayForm;
                    o.ContactPointDiscovery.ServiceName = Service;
                    o.ContactPointDiscovery.RequiredContactPointsNr = plan.RequiredSupervisors;
                    o.ContactPointDiscovery.ContactWithAllContactPoints = false;
                },
                autoStart: false);
    }

    /// <summary>Looks for the cluster until this node is up.</summary>
    public static async Task StartAsync(ActorSystem system, NodePlan plan)
    {
        var bootstrap = ClusterBootstrap.Get(system);
        _ = bootstrap.Routes(ManagementRouteProviderSettings.Create(new Uri($"http://{new HostPort(plan.Host, plan.HttpPort)}"), readOnly: true));
        await bootstrap.Start();
    }

    /// <summary>The body of GET /bootstrap/seed-nodes.</summary>
    public static string SeedNodesPage(ActorSystem system)
    {
        var members = Members(system).Select(m => new ClusterMember(m.Address, m.UniqueAddress.Uid, m.Status, m.Roles)).ToImmutableList();
        return JsonConvert.SerializeObject(new SeedNodes(Cluster.Get(system).SelfAddress, members));
    }

    /// <summary>The members this node sees, as /node shows them; none while it has joined nothing, or leaves.</summary>
    public static IReadOnlyList<SeenMember> SeenBy(ActorSystem system) =>
        [.. Members(system).Select(m => new SeenMember($"{m.Address}#{m.UniqueAddress.Uid}", m.Status == MemberStatus.Up))];

    private static IEnumerable<Member> Members(ActorSystem system)
    {
        var cluster = Cluster.Get(system);
        var state = cluster.State;
        return cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Down or MemberStatus.Exiting or MemberStatus.Leaving or MemberStatus.Removed
            ? []
            : state.Members.Where(m => !state.Unreachable.Contains(m) && m.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining);
    }
}
