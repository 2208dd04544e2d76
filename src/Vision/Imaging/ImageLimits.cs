namespace Inspection.Vision.Imaging;

/// <summary>What a decoder takes on, judged from the header alone, before memory or time is spent.</summary>
public sealed record ImageLimits
{
    /// <summary>Larger than any area-scan sensor in use (151 megapixels) and far below a 20,000 x 20,000 bomb.</summary>
    public long MaxPixels { get; init; } = 160_000_000;

    /// <summary>Long enough for a 16k line-scan camera.</summary>
    public int MaxSide { get; init; } = 32_768;

    /// <summary>A file longer than this is not read: 160 megapixels of RGB, uncompressed.</summary>
    public long MaxFileBytes { get; init; } = 512L << 20;

    /// <summary>
    /// Of a camera's largest picture. A file may be as long as that picture uncompressed at 16 bits with alpha, and what else a file carries:
    /// a longer one is no picture of that camera, and its bytes would take the memory that the limit is there to save.
    /// </summary>
    public static ImageLimits Of(double megapixels)
    {
        var pixels = (long)(megapixels * 1_000_000);
        return new ImageLimits { MaxPixels = pixels, MaxFileBytes = Math.Min(new ImageLimits().MaxFileBytes, (8 * pixels) + (16 << 20)) };
    }

    public ImageLimits Validate()
    {
        Require(MaxPixels, nameof(MaxPixels), int.MaxValue / 4);
        Require(MaxSide, nameof(MaxSide), int.MaxValue);
        Require(MaxFileBytes, nameof(MaxFileBytes), int.MaxValue);
        return this;
    }

    /// <summary>The reason an image of this header is refused, or "".</summary>
    public string Refusal(ImageHeader header) =>
        header.Width > MaxSide || header.Height > MaxSide || header.Pixels > MaxPixels
            ? $"image of {header.Width} x {header.Height} pixels refused from its header: at most {MaxSide} a side and {MaxPixels} in all are decoded"
            : "";

    private static void Require(long value, string name, long most)
    {
        if (value <= 0 || value > most)
        {
            throw new ArgumentOutOfRangeException(name, value, $"image limit {name} must lie in 1..{most}");
        }
    }
}
