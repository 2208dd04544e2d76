using System.Net;
using System.Text.Json;
using Akka.Actor;
using Inspection.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Inspection.Nodes.Gateway;

/// <summary>What a cluster node's HTTP port says; each is asked at every request, from any thread.</summary>
public sealed record NodePages
{
    /// <summary>Null while the process is live, else why not. Does not depend on the database.</summary>
    public required Func<string?> NotLive { get; init; }

    /// <summary>What this node lacks to be ready; empty: ready.</summary>
    public required Func<Task<IReadOnlyList<string>>> NotReady { get; init; }

    /// <summary>Who this node is and what it holds.</summary>
    public required Func<object> Node { get; init; }

    /// <summary>The body of the bootstrap route; null before the cluster extension is there.</summary>
    public required Func<string?> SeedNodes { get; init; }

    /// <summary>The lines' supervisors; null before this node is a member.</summary>
    public Func<IActorRef?> Supervisors { get; init; } = static () => null;

    /// <summary>Null: nobody may write through this node (<see cref="PeopleRoutes"/>).</summary>
    public string? AccessKey { get; init; }

    /// <summary>The whole plant as this node sees it.</summary>
    public required Func<Task<object?>> Status { get; init; }
}

/// <summary>
/// A cluster node's own HTTP port: /health/live, /health/ready, /metrics, /node, /status and the one route of the cluster bootstrap. It is there
/// before the cluster is, so that a node that waits can say for what.
/// </summary>
public sealed class NodeServer : IAsyncDisposable
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How its pages are written, and so how they are read.</summary>
    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly PagesHost _host;

    private NodeServer(PagesHost host) => _host = host;

    /// <param name="address">What it listens on; null: every address of this machine.</param>
    /// <param name="port">TCP.</param>
    /// <param name="pages">What it says.</param>
    /// <exception cref="PortInUseException">Another program listens there.</exception>
    public static async Task<NodeServer> StartAsync(IPAddress? address, int port, NodePages pages) =>
        new(await PagesHost.StartAsync(port, "address.http in the node file", kestrel => Listen(kestrel, address, port), (app, _) => Map(app, pages)));

    /// <summary>Promise P1 as metrics, for a node that serves people.</summary>
    public void AddLineMetrics(IReadOnlyList<LineId> lines, IActorRef supervisors) => LineMetrics.Register(_host.Registry, lines, supervisors, AskTimeout);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void Listen(KestrelServerOptions kestrel, IPAddress? address, int port)
    {
        if (address is null)
        {
            kestrel.ListenAnyIP(port);
        }
        else
        {
            kestrel.Listen(address, port);
        }
    }

    private static void Map(WebApplication app, NodePages pages)
    {
        PeopleRoutes.Map(app, pages.AccessKey, pages.Supervisors);
        _ = app.MapGet("/health/live", () => pages.NotLive() is { } why ? PagesHost.Unavailable($"not live: {why}\n") : Results.Text("live\n"));
        _ = app.MapGet("/health/ready", async () => await pages.NotReady() is { Count: > 0 } lacking
            ? PagesHost.Unavailable($"not ready: {string.Join("; ", lacking)}\n")
            : Results.Text("ready\n"));
        _ = app.MapGet("/node", () => Results.Json(pages.Node(), Json));
        _ = app.MapGet("/status", async () => await pages.Status() is { } status ? Results.Json(status, Json) : PagesHost.Unavailable($"not a member of the cluster yet: {string.Join("; ", await pages.NotReady())}\n"));
        _ = app.MapGet("/bootstrap/seed-nodes", () => pages.SeedNodes() is { } body ? Results.Text(body, "application/json") : PagesHost.Unavailable("starting\n"));
    }
}
