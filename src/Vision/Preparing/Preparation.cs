namespace Inspection.Vision.Preparing;

/// <summary>One frame, prepared once. A stream keeps a <see cref="Preparer"/>, which holds its tables.</summary>
public static class Preparation
{
    /// <param name="pixels">[height, width, channels] uint8, rows packed.</param>
    /// <param name="tensor">At least spec.TensorLength bytes; becomes [spec.Height, spec.Width, spec.Channels] uint8.</param>
    public static PreparedGeometry Run(ReadOnlySpan<byte> pixels, int width, int height, int channels, PreparationSpec spec, Span<byte> tensor) =>
        new Preparer(spec).Run(pixels, width, height, channels, tensor);
}
