using Akka.Cluster;
using Akka.Configuration;
using Akka.Hosting;
using Inspection.Members;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Serialization;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Supervisor;

namespace Inspection.Embedded;

/// <summary>A real cluster of one on loopback, with the line supervisors on the plant's journal. This file wires Akka for embedded mode.</summary>
internal static class EmbeddedCluster
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    public static Task<ClusterMember> StartAsync(JournalStore journal, CancellationToken cancel) => ClusterMember.StartAsync(
        "inspection",
        ShutdownTimeout,
        akka => akka
            .AddHocon(Logging().WithFallback(ClusterConfig.Of("embedded", NodeRoles.All)), HoconAddMode.Prepend)
            .WithInspectionSerialization()
            .WithJournals(journal)
            .WithLineSupervisors(MonotonicClock.System),
        system =>
        {
            var cluster = Cluster.Get(system);
            return cluster.JoinAsync(cluster.SelfAddress, cancel);
        },
        cancel);

    /// <summary>INSPECTION_LOG=INFO (or DEBUG) shows what the node does, on standard error.</summary>
    private static Config Logging() => ConfigurationFactory.ParseString($$"""
        akka.loglevel = {{ProcessVariables.Read(ProcessVariables.Log) ?? "ERROR"}}
        akka.loggers = ["Inspection.Embedded.StandardErrorLogger, inspection"]
        """);
}
