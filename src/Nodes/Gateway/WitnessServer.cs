using System.Net;
using Inspection.Audit.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Inspection.Nodes.Gateway;

/// <summary>The witness's route (C2SP tlog-witness), POST /add-checkpoint; GET /checkpoint/ORIGIN for auditors; /health/live.</summary>
public sealed class WitnessServer : IAsyncDisposable
{
    private readonly PagesHost _host;

    private WitnessServer(PagesHost host) => _host = host;

    /// <exception cref="PortInUseException">Another program listens there.</exception>
    public static async Task<WitnessServer> StartAsync(IPAddress address, int port, Witness witness) =>
        new(await PagesHost.StartAsync(port, "--port", kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = SignedNote.MaxLength;
            kestrel.Listen(address, port);
        }, (app, metrics) =>
        {
            _ = app.MapGet("/health/live", () => "live\n");
            _ = app.MapPost("/add-checkpoint", async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                return Result(witness.Add(body.ToArray()));
            });
            _ = app.MapGet("/checkpoint/{**origin}", (string origin) => Result(witness.Last(origin)));
        }));

    private static IResult Result(WitnessAnswer answer) => Results.Text(answer.Body, answer.ContentType, statusCode: answer.Status);

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
