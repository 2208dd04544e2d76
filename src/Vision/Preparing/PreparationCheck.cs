namespace Inspection.Vision.Preparing;

internal static class PreparationCheck
{
    private const int MaxSide = 4096;

    /// <summary>The spec itself where it makes sense, else an ArgumentException that names the key, the value and what is allowed.</summary>
    public static PreparationSpec Require(PreparationSpec spec)
    {
        if (spec.Version != PreparationSpec.CurrentVersion)
        {
            throw Problem("version", spec.Version, $"this program prepares by {PreparationSpec.CurrentVersion}: fit the model again");
        }

        if (spec.Width is < 1 or > MaxSide)
        {
            throw Problem("width", spec.Width, $"1 to {MaxSide} pixels");
        }

        if (spec.Height is < 1 or > MaxSide)
        {
            throw Problem("height", spec.Height, $"1 to {MaxSide} pixels");
        }

        if (spec.Channels is not (1 or 3))
        {
            throw Problem("channels", spec.Channels, "1 (grey) or 3 (RGB)");
        }

        if (!Enum.IsDefined(spec.Alignment))
        {
            throw Problem("alignment", spec.Alignment, "none or axis");
        }

        if (!Enum.IsDefined(spec.Aspect) || (spec.Aspect == AspectRule.Frame && spec.Alignment != Alignment.None))
        {
            throw Problem("aspect", spec.Aspect, "fixed, or frame where alignment is none");
        }

        if (spec.Crop is { } crop && !IsWithin(crop))
        {
            throw Problem("crop", crop, "x, y, width, height as fractions within 0..1, width and height above 0");
        }

        foreach (var mask in spec.Masks)
        {
            if (!IsWithin(mask))
            {
                throw Problem("masks", mask, "x, y, width, height as fractions within 0..1, width and height above 0");
            }
        }

        return spec;
    }

    public static void RequireFrame(int length, int width, int height, int channels)
    {
        if (width < 1 || height < 1 || channels is not (1 or 3) || length < (long)width * height * channels)
        {
            throw new ArgumentException($"a frame of {width} x {height} x {channels} does not lie in {length} bytes");
        }
    }

    private static bool IsWithin(FractionBox box) =>
        box is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 } && box.X + box.Width <= 1 + 1e-9 && box.Y + box.Height <= 1 + 1e-9;

    private static ArgumentException Problem(string key, object value, string allowed) => new($"preparation.{key} is '{value}'; allowed: {allowed}");
}
