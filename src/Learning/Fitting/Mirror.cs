namespace Inspection.Learning.Fitting;

internal static class Mirror
{
    /// <summary>[height, width, channels] mirrored: <paramref name="across"/> left to right, <paramref name="along"/> top to bottom.</summary>
    public static byte[] Of(byte[] tensor, int width, int height, int channels, bool across, bool along)
    {
        var flipped = new byte[width * height * channels];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var from = (((along ? height - 1 - y : y) * width) + (across ? width - 1 - x : x)) * channels;
                tensor.AsSpan(from, channels).CopyTo(flipped.AsSpan(((y * width) + x) * channels));
            }
        }

        return flipped;
    }
}
