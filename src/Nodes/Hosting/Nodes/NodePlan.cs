using System.Globalization;
using System.Net;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Nodes;

/// <summary>A host and a TCP port.</summary>
public readonly record struct HostPort(string Host, int Port)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}

/// <summary>A station of a line.</summary>
public readonly record struct StationName(LineId Line, StationId Station)
{
    public override string ToString() => $"{Line}/{Station}";
}

/// <summary>A node file, read and validated: one member of a cluster. Paths are absolute.</summary>
public sealed record NodePlan
{
    /// <summary>Unique in the cluster; in Kubernetes the pod's name.</summary>
    public required NodeId Id { get; init; }

    public required string File { get; init; }

    /// <summary>The cluster's name: nodes of another name are refused.</summary>
    public required string Cluster { get; init; }

    public required string PlantFile { get; init; }

    /// <summary>Where this node keeps what it writes (the ejectors' logs, a SQLite journal).</summary>
    public required string StatePath { get; init; }

    /// <summary>The name or address by which the other nodes reach this one.</summary>
    public required string Host { get; init; }

    /// <summary>The address it listens on; by default <see cref="Host"/>.</summary>
    public required string Bind { get; init; }

    /// <summary>The same; null for a name, which may point to several addresses of this machine: then it listens on all.</summary>
    public IPAddress? BindAddress => IPAddress.TryParse(Bind, out var address) ? address : null;

    /// <summary>Akka.Remote.</summary>
    public required int RemotePort { get; init; }

    /// <summary>Health, metrics, status and cluster formation.</summary>
    public required int HttpPort { get; init; }

    /// <summary>The frame service of a node with cameras; 0: any free port.</summary>
    public required int DataPort { get; init; }

    /// <summary>The HTTP addresses of the role supervisor: through them a node finds the cluster.</summary>
    public required IReadOnlyList<HostPort> Supervisors { get; init; }

    /// <summary>How many supervisors must be up and see each other before they form a new cluster: a majority.</summary>
    public int RequiredSupervisors => (Supervisors.Count / 2) + 1;

    /// <summary>The stations this node reaches (rule L1); null: all of the plant.</summary>
    public required IReadOnlyList<StationName>? Stations { get; init; }

    /// <summary>How models run here; null: as the plant file says.</summary>
    public required InferenceSettings? Inference { get; init; }
}
