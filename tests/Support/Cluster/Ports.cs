using System.Net;
using System.Net.Sockets;

namespace Inspection.Tests.Support.Cluster;

/// <summary>Free TCP ports of loopback, below the range from which the system takes ports for outgoing connections; none is given twice.</summary>
public static class Ports
{
    private static readonly Lock Gate = new();
    private static int _next = 20_000 + (Environment.ProcessId % 4_000);

    public static int Free()
    {
        lock (Gate)
        {
            while (true)
            {
                var port = _next++;
                try
                {
                    using var listener = new TcpListener(IPAddress.Loopback, port);
                    listener.Start();
                    return port;
                }
                catch (SocketException)
                {
                    continue; // taken: the next one
                }
            }
        }
    }
}
