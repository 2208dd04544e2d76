using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Pattern;
using Inspection.Nodes.Hosting.Journals;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>Key of the shard region in the actor registry.</summary>
public sealed class LineRegion;

public static class SupervisorHosting
{
    public const string TypeName = "line";

    /// <summary>A line that was killed decides again within a second.</summary>
    private static readonly TimeSpan FirstRestart = TimeSpan.FromMilliseconds(200);

    /// <summary>After an outage of the journal lines decide again within seconds (rule P7: about 10).</summary>
    private static readonly TimeSpan LastRestart = TimeSpan.FromSeconds(2);

    /// <summary>A round takes a second, on a busy machine several.</summary>
    private static readonly TimeSpan SignTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Rule V1: lines are sharded over the supervisors and wake by themselves (remembered entities, event-sourced store).</summary>
    public static AkkaConfigurationBuilder WithLineSupervisors(this AkkaConfigurationBuilder builder, MonotonicClock clock) => builder
        .WithShardRegion<LineRegion>(
            TypeName,
            entityId => BackingOff(LineSupervisor.Props(new LineId(entityId), clock)),
            new LineExtractor(),
            new ShardOptions
            {
                Role = NodeRoles.Supervisor,
                RememberEntities = true,
                RememberEntitiesStore = RememberEntitiesStore.Eventsourced,
                StateStoreMode = StateStoreMode.DData,
                ShouldPassivateIdleEntities = false,
            });

    /// <summary>
    /// Before a supervisor node joins: what a moved line needs is compiled and connected, so that it takes over within seconds (promise P7).
    /// In a fresh process the first recovery and the first verdict cost more than a second of compiling.
    /// </summary>
    public static async Task RehearseAsync(ActorSystem system, NodeId node, MonotonicClock clock, CancellationToken cancel)
    {
        (string Journal, string Snapshots)[] plugins = [(JournalPlugins.LinesJournal, JournalPlugins.LinesSnapshots), ("", "")];
        foreach (var (journal, snapshots) in plugins)
        {
            for (var i = 0; i < 2; i++) // written by the first where it is new, read by the second
            {
                _ = await system.ActorOf(JournalWarmUp.Props(node, journal, snapshots)).WatchAsync(cancel);
            }
        }

        await LineRehearsal.RunAsync(system, line => BackingOff(LineSupervisor.Props(line, clock, LineRehearsal.Journal, LineRehearsal.Snapshots)), cancel);
    }

    /// <summary>For a node of another role: the way to the lines, wherever they are.</summary>
    public static AkkaConfigurationBuilder WithLineSupervisorsElsewhere(this AkkaConfigurationBuilder builder) =>
        builder.WithShardRegionProxy<LineRegion>(TypeName, NodeRoles.Supervisor, new LineExtractor());

    /// <summary>The shard a line lives in.</summary>
    public static string ShardOf(LineId line) => new LineExtractor().ShardId(line.Value);

    /// <summary>Rule J8: one builder of the plant's log, on one of the supervisors.</summary>
    public static AkkaConfigurationBuilder WithLogBuilder(this AkkaConfigurationBuilder builder, LogSetup setup, MonotonicClock clock) => builder
        .WithSingleton<LogBuilder>("log-builder", (_, _, _) => BackingOff(LogBuilder.Props(setup, clock)), new ClusterSingletonOptions { Role = NodeRoles.Supervisor }, createProxyToo: false);

    /// <summary>As <see cref="WithLogBuilder"/>, in a process that has no others.</summary>
    public static IActorRef StartLogBuilder(this ActorSystem system, LogSetup setup, MonotonicClock clock) => system.ActorOf(BackingOff(LogBuilder.Props(setup, clock)), "log-builder");

    /// <summary>All that is journalled gets its place under a signed checkpoint.</summary>
    /// <returns>False: it did not come to that in time; the next builder goes on with it.</returns>
    public static async Task<bool> SignAllAsync(this IActorRef logBuilder)
    {
        try
        {
            _ = await logBuilder.Ask<LogBuilder.Flushed>(new LogBuilder.Flush(), SignTimeout);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    /// <summary>
    /// Rule V4: a line that stopped is back at once, and while its journal is away it asks less and less often. The shard alone would start
    /// it with every message that a station sends again: hundreds of failed recoveries a second in a plant without its database.
    /// </summary>
    private static Props BackingOff(Props line) => BackoffSupervisor.Props(
        Backoff.OnStop(line, "line", FirstRestart, LastRestart, randomFactor: 0.2, maxNrOfRetries: -1)
            .WithAutoReset(LastRestart)
            .WithSupervisorStrategy(new OneForOneStrategy(_ => Directive.Stop)));

    private sealed class LineExtractor : IMessageExtractor
    {
        private const int Shards = 64;

        public string? EntityId(object message) => (message as ILineMessage)?.Line.Value;

        public object? EntityMessage(object message) => message;

        public string? ShardId(object message) => EntityId(message) is { } id ? ShardId(id, message) : null;

        public string ShardId(string entityId, object? messageHint = null)
        {
            // FNV-1a: the same on every machine and for ever, unlike string.GetHashCode
            var hash = 2166136261u;
            foreach (var c in entityId)
            {
                hash = (hash ^ c) * 16777619u;
            }

            return (hash % Shards).ToString(CultureInfo.InvariantCulture);
        }
    }
}
