using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Inspection.Nodes.Gateway;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Supervisor;
using Inspection.Protocol;

namespace Inspection.Members;

/// <summary>The plant as one node sees it: members, lines, leases, work. JSON keys are the names here in snake case.</summary>
internal sealed record PlantStatus(string Cluster, string AskedNode, IReadOnlyList<MemberStatusPage> Members, IReadOnlyList<LineStatusPage> Lines);

/// <param name="Node">Its id; empty where it has not said yet.</param>
/// <param name="Status">As the cluster sees it: joining, up, leaving, ...</param>
/// <param name="ClockOffsetSeconds">Its clock less the asked node's.</param>
internal sealed record MemberStatusPage(string Node, string Address, IReadOnlyList<string> Roles, string Status, bool Reachable, string Http, string DataPlane, double ClockOffsetSeconds, string? WaitsFor, WorkPage? Work, IReadOnlyList<string> Models, PingPage? Pings, LogReport? Log);

/// <param name="Answers">Whether its supervisor answered.</param>
/// <param name="Supervisor">The node that holds the line.</param>
internal sealed record LineStatusPage(string Line, bool Answers, string Supervisor, string Recipe, long Accepted, long Decided, long Fallback, long Open, IReadOnlyList<StationLeasePage> Stations);

/// <param name="InterlockChange">How often its interlock stopped the line or was let run again, together.</param>
/// <param name="Stands">The interlock has stopped the line, with that change.</param>
internal sealed record StationLeasePage(string Station, long Epoch, string Holder, bool Ended, long SeenUpTo, long ConcludedUpTo, int Open, long ActedUpTo, long InterlockChange, bool Stands);

internal sealed class StatusPage(NodeState state, Func<ClusterMember?> member, Func<MemberWork?> work)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Null before this node is a member.</summary>
    public async Task<object?> AskAsync()
    {
        if (member() is not { } here)
        {
            return null;
        }

        var homes = await ShardHomesAsync(here);
        var lines = await Task.WhenAll(state.Plant.Lines.Select(l => LineAsync(here, l.Line, homes)));
        var cluster = Cluster.Get(here.System).State;
        var members = await Task.WhenAll(cluster.Members.Select(m => MemberAsync(m, !cluster.Unreachable.Contains(m))));
        return new PlantStatus(state.Plan.Cluster, state.Plan.Id.Value, [.. members.OrderBy(m => m.Node, StringComparer.Ordinal)], lines);
    }

    private async Task<MemberStatusPage> MemberAsync(Member m, bool reachable)
    {
        var known = state.Directory.At(m.Address);
        var page = known is null || !reachable ? null
            : known.Identity.Incarnation == state.Incarnation ? NodePage.Of(state, member(), work())
            : await NodePage.ReadAsync(known.Identity.Http, CancellationToken.None);
        return new MemberStatusPage(
            known?.Identity.Node.Value ?? "",
            string.Create(CultureInfo.InvariantCulture, $"{m.Address.Host}:{m.Address.Port}"),
            [.. m.Roles.Order(StringComparer.Ordinal)],
            m.Status.ToString().ToLowerInvariant(),
            reachable,
            known?.Identity.Http ?? "",
            known?.Identity.DataPlane ?? "",
            known?.ClockOffset.TotalSeconds ?? 0,
            page?.WaitsFor,
            page?.Work,
            page?.Models ?? [],
            page?.Pings,
            page?.Log);
    }

    private static async Task<LineStatusPage> LineAsync(ClusterMember here, LineId line, Dictionary<string, string> homes)
    {
        var home = homes.GetValueOrDefault(SupervisorHosting.ShardOf(line), "");
        return await LineMetrics.AskAsync(here.Supervisors, line, Timeout) is not { } s
            ? new LineStatusPage(line.Value, false, home, "", 0, 0, 0, 0, [])
            : new LineStatusPage(line.Value, true, home, s.Recipe, s.Accepted, s.Decided, s.Fallback, s.Open, [.. s.Stations.Select(x => new StationLeasePage(x.Station.Value, x.Epoch, x.Holder, x.Ended, x.SeenUpTo, x.ConcludedUpTo, x.Open, x.ActedUpTo, x.Interlock, InterlockChanged.IsStopped(x.Interlock)))]);
    }

    /// <summary>Shard to the node that holds it; empty while the regions move.</summary>
    private async Task<Dictionary<string, string>> ShardHomesAsync(ClusterMember here)
    {
        try
        {
            var stats = await here.Supervisors.Ask<ClusterShardingStats>(new GetClusterShardingStats(Timeout), Timeout);
            return stats.Regions
                .SelectMany(r => r.Value.Stats.Keys.Select(shard => (shard, Node: state.Directory.At(r.Key)?.Identity.Node.Value ?? r.Key.ToString())))
                .GroupBy(x => x.shard, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.First().Node, StringComparer.Ordinal);
        }
        catch (AskTimeoutException)
        {
            return [];
        }
    }
}
