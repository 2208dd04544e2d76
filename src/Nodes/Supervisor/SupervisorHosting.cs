using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;

namespace Inspection.Nodes.Supervisor;

/// <summary>Key of the shard region in the actor registry.</summary>
public sealed class LineRegion;

public static class SupervisorHosting
{
    public const string TypeName = "line";
    public const string Role = "supervisor";

    /// <summary>Rule V1: lines are sharded over the supervisors and wake by themselves (remembered entities, event-sourced store).</summary>
    public static AkkaConfigurationBuilder WithLineSupervisors(this AkkaConfigurationBuilder builder, MonotonicClock clock) => builder
        .WithShardRegion<LineRegion>(
            TypeName,
            entityId => LineSupervisor.Props(new LineId(entityId), clock),
            new LineExtractor(),
            new ShardOptions
            {
                Role = Role,
                RememberEntities = true,
                RememberEntitiesStore = RememberEntitiesStore.Eventsourced,
                StateStoreMode = StateStoreMode.DData,
                ShouldPassivateIdleEntities = false,
            });

    /// <summary>For a node of another role: the way to the lines, wherever they are.</summary>
    public static AkkaConfigurationBuilder WithLineSupervisorsElsewhere(this AkkaConfigurationBuilder builder) =>
        builder.WithShardRegionProxy<LineRegion>(TypeName, Role, new LineExtractor());

    /// <summary>The shard a line lives in.</summary>
    public static string ShardOf(LineId line) => new LineExtractor().ShardId(line.Value);

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
