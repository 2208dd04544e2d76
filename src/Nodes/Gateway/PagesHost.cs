using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace Inspection.Nodes.Gateway;

/// <summary>A port that serves /metrics and its owner's pages: how it starts, what a taken port means and how it ends, in one place.</summary>
internal sealed class PagesHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MetricsRegistry _metrics;

    private PagesHost(WebApplication app, MetricsRegistry metrics)
    {
        _app = app;
        _metrics = metrics;
    }

    public CollectorRegistry Registry => _metrics.Registry;

    /// <param name="port">TCP.</param>
    /// <param name="remedy">Where to choose another.</param>
    /// <param name="listen">On which addresses.</param>
    /// <param name="map">Adds the owner's pages, and what it measures from the start.</param>
    /// <exception cref="PortInUseException">Another program listens there.</exception>
    public static async Task<PagesHost> StartAsync(int port, string remedy, Action<KestrelServerOptions> listen, Action<WebApplication, CollectorRegistry> map)
    {
        var builder = WebApplication.CreateEmptyBuilder(new()); // the other builders watch the working folder, and all below it, for settings
        _ = builder.Services.AddRouting();
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(listen);
        var app = builder.Build();
        var metrics = new MetricsRegistry();
        map(app, metrics.Registry);
        _ = app.MapMetrics("/metrics", metrics.Registry);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            metrics.Dispose();
            await app.DisposeAsync();
            throw new PortInUseException(port, remedy, e);
        }

        return new PagesHost(app, metrics);
    }

    public static IResult Unavailable(string text) => Results.Text(text, statusCode: StatusCodes.Status503ServiceUnavailable);

    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
