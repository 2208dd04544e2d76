namespace Inspection.Nodes.Inference.DataPlane;

/// <summary>How a worker node connects to sensor nodes, and what it has room for.</summary>
public sealed record WorkerLinksOptions
{
    /// <summary>Connect with TLS; the sensor node must have a certificate.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM file of the certificates that sign the sensor nodes'; null: the machine's own trust.</summary>
    public string? TrustFile { get; init; }

    /// <summary>
    /// Slots for prepared tensors beyond one for each credit of an even split: more sensor nodes than sessions have one each, and work of a
    /// stream that broke may still hold one. Pages are touched only when used (promise P8).
    /// </summary>
    public int SpareTensors { get; init; } = 32;

    /// <summary>The same for crops, which are larger.</summary>
    public int SpareCrops { get; init; } = 8;

    /// <summary>Largest set of crops of one frame, in bytes: sixteen colour crops of 800 x 800 and more.</summary>
    public int CropBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>A connection is tried again after so long ...</summary>
    public TimeSpan FirstBackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>... twice as long each time, up to this: a sensor node that is back is found within it.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A connection attempt is given up after so long.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A connection without traffic is asked for a sign of life after so long; at least 1 s.</summary>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A sensor node that gives no sign of life for so long is taken for gone.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A drain waits so long for work in hand, then closes all the same; what was not answered is offered to others.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public WorkerLinksOptions Validate()
    {
        Check(Tls || TrustFile is null, nameof(TrustFile), TrustFile ?? "none", "a file only together with Tls");
        Check(SpareTensors is >= 0 and <= 4096, nameof(SpareTensors), SpareTensors, "0 to 4096");
        Check(SpareCrops is >= 0 and <= 1024, nameof(SpareCrops), SpareCrops, "0 to 1024");
        Check(CropBytes is >= 1 and <= Hosting.DataPlane.FrameContract.MaxMessageBytes, nameof(CropBytes), CropBytes, $"1 to {Hosting.DataPlane.FrameContract.MaxMessageBytes}");
        Check(FirstBackOff > TimeSpan.Zero, nameof(FirstBackOff), FirstBackOff, "above 0");
        Check(MaxBackOff >= FirstBackOff, nameof(MaxBackOff), MaxBackOff, $"at least {nameof(FirstBackOff)}");
        Check(ConnectTimeout > TimeSpan.Zero, nameof(ConnectTimeout), ConnectTimeout, "above 0");
        Check(PingAfter >= TimeSpan.FromSeconds(1), nameof(PingAfter), PingAfter, "at least 1 s");
        Check(PingTimeout >= TimeSpan.FromSeconds(1), nameof(PingTimeout), PingTimeout, "at least 1 s");
        Check(DrainTimeout > TimeSpan.Zero, nameof(DrainTimeout), DrainTimeout, "above 0");
        return this;
    }

    private static void Check(bool holds, string name, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(WorkerLinksOptions)}.{name} is {value}; allowed: {allowed}");
        }
    }
}
