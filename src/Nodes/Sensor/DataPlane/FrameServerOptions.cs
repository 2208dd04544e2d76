using System.Net;

namespace Inspection.Nodes.Sensor.DataPlane;

/// <summary>Where a sensor node serves its frames, and how long it is patient.</summary>
public sealed record FrameServerOptions
{
    /// <summary>The address to listen on; the default takes no connection from other machines.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free port; see <see cref="FrameServer.BoundPort"/>.</summary>
    public int Port { get; init; }

    /// <summary>PEM file of the server's certificate chain; null: no TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its private key; with <see cref="CertificateFile"/>, and only with it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A peer that connects and says nothing for so long is put off.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is being written to a worker whose stream is ended from here may take so long, so that the reason reaches it behind.</summary>
    public TimeSpan FarewellTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection without traffic is asked for a sign of life after so long; Kestrel allows no less than 1 s.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A peer that gives no sign of life for so long is taken for gone, which lets go of what is being written to it (rule W3).</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public FrameServerOptions Validate()
    {
        Check(Port is >= 0 and <= 65535, nameof(Port), Port, "0 (any free one) to 65535");
        Check((CertificateFile is null) == (KeyFile is null), nameof(KeyFile), KeyFile ?? "none", "a file, together with CertificateFile; or neither");
        Check(HelloTimeout > TimeSpan.Zero, nameof(HelloTimeout), HelloTimeout, "above 0");
        Check(FarewellTimeout > TimeSpan.Zero, nameof(FarewellTimeout), FarewellTimeout, "above 0");
        Check(PingAfter >= TimeSpan.FromSeconds(1), nameof(PingAfter), PingAfter, "at least 1 s");
        Check(PingTimeout >= TimeSpan.FromSeconds(1), nameof(PingTimeout), PingTimeout, "at least 1 s");
        return this;
    }

    private static void Check(bool holds, string name, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(FrameServerOptions)}.{name} is {value}; allowed: {allowed}");
        }
    }
}
