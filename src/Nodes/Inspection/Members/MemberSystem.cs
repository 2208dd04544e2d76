using System.Net;
using Akka.Configuration;
using Akka.Hosting;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Membership;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Serialization;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;

namespace Inspection.Members;

/// <summary>A member of a cluster of many. This file wires Akka for `inspection node`.</summary>
internal static class MemberSystem
{
    /// <summary>Hand-off 15 s, shutdown phase 20 s, this, then the process's own time, then the pod's grace (facts).</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(40);

    /// <param name="journal">Of a supervisor; null for other nodes.</param>
    /// <param name="log">Of a supervisor of a plant that keeps one; null otherwise.</param>
    public static Task<ClusterMember> StartAsync(NodeState state, JournalStore? journal, LogSetup? log, CancellationToken cancel) => ClusterMember.StartAsync(
        state.Plan.Cluster,
        ShutdownTimeout,
        akka =>
        {
            _ = akka
                .AddHocon(Own(state).WithFallback(ClusterConfig.Of("plant", state.Roles, ProcessVariables.Read(ProcessVariables.ClusterConfig))), HoconAddMode.Prepend)
                .WithInspectionSerialization()
                .WithFormation(state.Plan, mayForm: state.Has(NodeRoles.Supervisor));
            _ = journal is not null
                ? akka.WithJournals(journal).WithLineSupervisors(MonotonicClock.System)
                : akka.WithLineSupervisorsElsewhere();
            _ = log is not null ? akka.WithLogBuilder(log, MonotonicClock.System) : akka;
        },
        system => journal is null ? Task.CompletedTask : SupervisorHosting.RehearseAsync(system, state.Plan.Id, MonotonicClock.System, cancel),
        cancel);

    private static Config Own(NodeState state) => ConfigurationFactory.ParseString($$"""
        akka.loglevel = {{ProcessVariables.Read(ProcessVariables.Log) ?? "INFO"}}
        akka.stdout-loglevel = OFF
        akka.loggers = ["Inspection.Members.NodeLogger, inspection"]
        akka.remote.dot-netty.tcp {
          public-hostname = "{{state.Plan.Host}}"
          hostname = "{{state.Plan.BindAddress ?? IPAddress.Any}}"
          port = {{state.Plan.RemotePort}}
        }
        akka.cluster.roles = [{{string.Join(", ", state.Roles)}}]
        """);
}
