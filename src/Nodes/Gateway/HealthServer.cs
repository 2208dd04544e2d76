using Akka.Actor;
using Inspection.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Inspection.Nodes.Gateway;

/// <summary>
/// /health/live (this process turns over), /health/ready (every line's supervisor answers, so the journal has been read), /metrics for
/// Prometheus: the node's own measures and promise P1 a line. Binds loopback unless told otherwise.
/// </summary>
public sealed class HealthServer : IAsyncDisposable
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(2);

    private readonly PagesHost _host;

    private HealthServer(PagesHost host) => _host = host;

    /// <exception cref="PortInUseException">Another program listens there.</exception>
    public static async Task<HealthServer> StartAsync(int port, IReadOnlyList<LineId> lines, IActorRef supervisors, string? accessKey) =>
        new(await PagesHost.StartAsync(port, "--port, or 0 for none", kestrel => kestrel.ListenLocalhost(port), (app, metrics) =>
        {
            LineMetrics.Register(metrics, lines, supervisors, AskTimeout);
            PeopleRoutes.Map(app, accessKey, () => supervisors);
            _ = app.MapGet("/health/live", () => "live\n");
            _ = app.MapGet("/health/ready", async () => await LineMetrics.SilentAsync(supervisors, lines, AskTimeout) is { Count: > 0 } silent
                ? PagesHost.Unavailable($"not ready: no answer from {string.Join(", ", silent.Select(l => $"line {l}"))}\n")
                : Results.Text("ready\n"));
        }));

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
