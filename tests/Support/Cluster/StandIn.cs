using System.Net;
using System.Text;

namespace Inspection.Tests.Support.Cluster;

/// <summary>A contact point that says of itself what a test wants: a node of another version, another cluster, another plant.</summary>
public sealed class StandIn : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<string> _node;
    private readonly Task _serving;

    public StandIn(Func<string> node)
    {
        _node = node;
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

            var body = Encoding.UTF8.GetBytes(asked.Request.Url!.AbsolutePath == "/node" ? _node() : "not here");
            asked.Response.StatusCode = asked.Request.Url.AbsolutePath == "/node" ? 200 : 404;
            await asked.Response.OutputStream.WriteAsync(body);
            asked.Response.Close();
        }
    }
}
