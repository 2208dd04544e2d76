using Inspection.Vision.Cameras;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>One opening of a camera: the device, or why there is none. Used on the graph's thread only.</summary>
public sealed class Device
{
    private readonly Action<Exception> _broke;

    public Device(ICamera camera, Action<Exception> broke) => (Camera, _broke) = (camera, broke);

    public Device(Exception failure) => (Failure, _broke) = (failure, static _ => { });

    /// <summary>Null where it could not be opened, or broke.</summary>
    public ICamera? Camera { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>It threw: it is closed, and opened again with back-off.</summary>
    public void Broke(Exception failure)
    {
        (Camera, Failure) = (null, failure);
        _broke(failure);
    }
}
