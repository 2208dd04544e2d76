using System.Globalization;
using Akka.Actor;
using Inspection.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Inspection.Nodes.Gateway;

/// <summary>Another program listens on the port. The command line exits 3.</summary>
/// <param name="port">TCP.</param>
/// <param name="remedy">Where to choose another.</param>
/// <param name="inner">What the system said.</param>
public sealed class PortInUseException(int port, string remedy, Exception inner) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"port {port} is in use by another program; choose another with {remedy}"), inner);

/// <summary>
/// /health/live (this process turns over), /health/ready (every line's supervisor answers, so the journal has been read), /metrics for
/// Prometheus: the node's own measures and promise P1 a line. Binds loopback unless told otherwise.
/// </summary>
public sealed class HealthServer : IAsyncDisposable
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly MetricsRegistry _metrics;

    private HealthServer(WebApplication app, MetricsRegistry metrics)
    {
        _app = app;
        _metrics = metrics;
    }

    public static async Task<HealthServer> StartAsync(int port, IReadOnlyList<LineId> lines, IActorRef supervisors)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.ConfigureKestrel(k => k.ListenLocalhost(port));
        var app = builder.Build();
        var metrics = new MetricsRegistry();
        LineMetrics.Register(metrics.Registry, lines, supervisors, AskTimeout);
        _ = app.MapGet("/health/live", () => "live\n");
        _ = app.MapGet("/health/ready", async () => await NotAnsweringAsync(lines, supervisors) is { Count: > 0 } silent
            ? Results.Text($"not ready: no answer from {string.Join(", ", silent)}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready\n"));
        _ = app.MapMetrics("/metrics", metrics.Registry);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            metrics.Dispose();
            await app.DisposeAsync();
            throw new PortInUseException(port, "--port, or 0 for none", e);
        }

        return new HealthServer(app, metrics);
    }

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<IReadOnlyList<string>> NotAnsweringAsync(IReadOnlyList<LineId> lines, IActorRef supervisors)
    {
        var asked = lines.Select(async line => (Line: line, Status: await LineMetrics.AskAsync(supervisors, line, AskTimeout)));
        return [.. (await Task.WhenAll(asked)).Where(a => a.Status is null).Select(a => $"line {a.Line}")];
    }
}
