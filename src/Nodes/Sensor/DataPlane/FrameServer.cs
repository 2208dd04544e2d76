using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Event;
using Inspection.Nodes.Hosting.DataPlane;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>
/// A sensor node's end of the data plane (rule W1): gRPC on a Kestrel of its own, HTTP/2 without TLS or with it. Worker nodes connect to it;
/// what they say goes to the node's <see cref="WorkDispatcher"/>.
/// </summary>
public sealed class FrameServer : IAsyncDisposable
{
    /// <summary>Frames are large: fewer, larger HTTP/2 frames where the peer takes them.</summary>
    private const int MaxHttpFrame = 1024 * 1024;

    /// <summary>What may wait to be sent on one connection before a write waits; as much as a window.</summary>
    private const int SendBuffer = FrameContract.WindowBytes;

    /// <summary>Streams are ended, not waited for: the workers' drain came before, or nobody can wait.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication _app;

    private FrameServer(WebApplication app, int port) => (_app, BoundPort) = (app, port);

    /// <summary>The port workers connect to; what was asked for, or the free one that was found.</summary>
    public int BoundPort { get; }

    /// <param name="self">This node, as workers know it.</param>
    /// <param name="dispatcher">The node's <see cref="WorkDispatcher"/>.</param>
    /// <exception cref="IOException">The port is in use, or the address is not this machine's.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The certificate or its key cannot be read.</exception>
    public static async Task<FrameServer> StartAsync(FrameServerOptions options, NodeId self, ActorSystem system, IActorRef dispatcher, MonotonicClock clock, NodeMetrics metrics, CancellationToken cancel = default)
    {
        _ = options.Validate();
        var builder = WebApplication.CreateEmptyBuilder(new()); // the other builders watch the working folder, and all below it, for settings
        _ = builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        _ = builder.Services.AddSingleton(new FrameService(self, options, dispatcher, clock, metrics, Logging.GetLogger(system, typeof(FrameServer))));
        _ = builder.Services.AddGrpc(o => o.MaxReceiveMessageSize = FrameContract.MaxMessageBytes);
        var certificate = Certificate(options);
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options, certificate));
        var app = builder.Build();
        _ = app.MapGrpcService<FrameService>();
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new FrameServer(app, new Uri(app.Urls.First()).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static X509Certificate2? Certificate(FrameServerOptions options)
    {
        if (options.CertificateFile is not { } file)
        {
            return null;
        }

        // by way of PKCS #12: a key that lives in memory only is not taken by every TLS stack
        using var pem = X509Certificate2.CreateFromPemFile(file, options.KeyFile);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static void Configure(KestrelServerOptions kestrel, FrameServerOptions options, X509Certificate2? certificate)
    {
        var http2 = kestrel.Limits.Http2;
        http2.InitialConnectionWindowSize = FrameContract.WindowBytes;
        http2.InitialStreamWindowSize = FrameContract.WindowBytes;
        http2.MaxFrameSize = MaxHttpFrame;
        http2.KeepAlivePingDelay = options.PingAfter;
        http2.KeepAlivePingTimeout = options.PingTimeout;
        kestrel.Limits.MaxResponseBufferSize = SendBuffer;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Listen(new IPEndPoint(options.Address, options.Port), listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                _ = listen.UseHttps(certificate);
            }
        });
    }
}
