using System.Net;
using System.Text.Json;
using Akka.Actor;
using Inspection.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Prometheus;

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

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly WebApplication _app;
    private readonly MetricsRegistry _metrics;

    private NodeServer(WebApplication app, MetricsRegistry metrics)
    {
        _app = app;
        _metrics = metrics;
    }

    /// <param name="bind">An address, or a host name whose addresses are this machine's.</param>
    /// <param name="port">TCP.</param>
    /// <param name="pages">What it says.</param>
    /// <exception cref="PortInUseException">Another program listens there.</exception>
    public static async Task<NodeServer> StartAsync(string bind, int port, NodePages pages)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.ConfigureKestrel(k =>
        {
            if (IPAddress.TryParse(bind, out var address))
            {
                k.Listen(address, port);
            }
            else
            {
                k.ListenAnyIP(port); // a name: it may point to several addresses of this machine
            }
        });
        var app = builder.Build();
        var metrics = new MetricsRegistry();
        _ = app.MapGet("/health/live", () => pages.NotLive() is { } why ? Unavailable($"not live: {why}\n") : Results.Text("live\n"));
        _ = app.MapGet("/health/ready", async () => await pages.NotReady() is { Count: > 0 } lacking
            ? Unavailable($"not ready: {string.Join("; ", lacking)}\n")
            : Results.Text("ready\n"));
        _ = app.MapGet("/node", () => Results.Json(pages.Node(), Json));
        _ = app.MapGet("/status", async () => await pages.Status() is { } status ? Results.Json(status, Json) : Unavailable("not a member of the cluster yet\n"));
        _ = app.MapGet("/bootstrap/seed-nodes", () => pages.SeedNodes() is { } body ? Results.Text(body, "application/json") : Unavailable("starting\n"));
        _ = app.MapMetrics("/metrics", metrics.Registry);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            metrics.Dispose();
            await app.DisposeAsync();
            throw new PortInUseException(port, "address.http in the node file", e);
        }

        return new NodeServer(app, metrics);
    }

    /// <summary>Promise P1 as metrics, for a node that serves people.</summary>
    public void AddLineMetrics(IReadOnlyList<LineId> lines, IActorRef supervisors) => LineMetrics.Register(_metrics.Registry, lines, supervisors, AskTimeout);

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static IResult Unavailable(string text) => Results.Text(text, statusCode: StatusCodes.Status503ServiceUnavailable);
}
