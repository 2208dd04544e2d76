namespace Inspection.Learning.Statistics;

/// <summary>
/// One image's anomaly map and mask at the image's own size, made when asked for: over hundreds of images of a million pixels they are
/// never held together.
/// </summary>
public abstract class PixelSample
{
    public abstract int Width { get; }

    public abstract int Height { get; }

    /// <summary>False: every pixel is defect-free, and Fill leaves the mask alone.</summary>
    public abstract bool HasMask { get; }

    /// <summary>Writes the map and, where there is one, the mask: both [Height, Width]; not 0 in the mask is defect. The same every time.</summary>
    public abstract void Fill(Span<float> map, Span<byte> mask);
}
