using System.Net;
using System.Text;

namespace Inspection.Tests.Support.Cluster;

/// <summary>A contact point that says of itself what a test wants: a node of another version, another cluster, another plant.</summary>
public sealed class StandIn : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<string> _node;
    private readonly Func<string>? _seeds;
    private readonly Task _serving;

    /// <param name="node">Its page /node.</param>
    /// <param name="seeds">The page by which clusters form; null: it has none.</param>
    public StandIn(Func<string> node, Func<string>? seeds = null)
    {
        (_node, _seeds) = (node, seeds);
        Port = Ports.Free();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext asked;
            try
            {
                asked = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var page = asked.Request.Url!.AbsolutePath switch
            {
                "/node" => _node(),
                "/bootstrap/seed-nodes" => _seeds?.Invoke(),
                _ => null,
            };
            var body = Encoding.UTF8.GetBytes(page ?? "not here");
            asked.Response.StatusCode = page is null ? 404 : 200;
            await asked.Response.OutputStream.WriteAsync(body);
            asked.Response.Close();
        }
    }
}
