using System.Globalization;
using Akka.Actor;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Inspection.Nodes.Gateway;

/// <summary>Another program listens on the port. The command line exits 3.</summary>
public sealed class PortInUseException(int port, Exception inner) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"port {port} is in use by another program; choose another with --port, or 0 for none"), inner);

/// <summary>
/// /health/live (this process turns over), /health/ready (every line's supervisor answers, so the journal has been read), /metrics for
/// Prometheus: the node's own measures and promise P1 a line. Binds loopback unless told otherwise.
/// </summary>
public sealed class HealthServer : IAsyncDisposable
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly IDisposable _meters;

    private HealthServer(WebApplication app, IDisposable meters)
    {
        _app = app;
        _meters = meters;
    }

    public static async Task<HealthServer> StartAsync(int port, IReadOnlyList<LineId> lines, IActorRef supervisors)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.ConfigureKestrel(k => k.ListenLocalhost(port));
        var app = builder.Build();
        var registry = Metrics.NewCustomRegistry();
        var meters = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            InstrumentFilterPredicate = i => i.Meter.Name == NodeMetrics.MeterName,
            ResolveHistogramBuckets = _ => [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
        });
        LineMetrics.Register(registry, lines, supervisors, AskTimeout);
        _ = app.MapGet("/health/live", () => "live\n");
        _ = app.MapGet("/health/ready", async () => await NotAnsweringAsync(lines, supervisors) is { Count: > 0 } silent
            ? Results.Text($"not ready: no answer from {string.Join(", ", silent)}\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready\n"));
        _ = app.MapMetrics("/metrics", registry);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            meters.Dispose();
            await app.DisposeAsync();
            throw new PortInUseException(port, e);
        }

        return new HealthServer(app, meters);
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<IReadOnlyList<string>> NotAnsweringAsync(IReadOnlyList<LineId> lines, IActorRef supervisors)
    {
        var asked = lines.Select(async line => (Line: line, Status: await LineMetrics.AskAsync(supervisors, line, AskTimeout)));
        return [.. (await Task.WhenAll(asked)).Where(a => a.Status is null).Select(a => $"line {a.Line}")];
    }
}
