using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using Inspection.Nodes.Hosting.DataPlane;

namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>One HTTP/2 connection to a sensor node, as the data plane wants it.</summary>
internal static class LinkChannel
{
    public static GrpcChannel Open(Uri address, WorkerLinksOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = false,
            InitialHttp2StreamWindowSize = FrameContract.WindowBytes,
            KeepAlivePingDelay = options.PingAfter,
            KeepAlivePingTimeout = options.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseProxy = false,
        };
        if (options.TrustFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(file) };
        }

        return GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = FrameContract.MaxMessageBytes,
            MaxSendMessageSize = FrameContract.MaxMessageBytes,
        });
    }

    private static X509ChainPolicy Trust(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }
}
