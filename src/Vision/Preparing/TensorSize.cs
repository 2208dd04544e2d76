namespace Inspection.Vision.Preparing;

/// <summary>Tensor sizes that keep an aspect: sides are multiples of <see cref="Step"/> (the stride of the deepest feature map used).</summary>
public static class TensorSize
{
    public const int Step = 16;

    /// <summary>The size of at most <paramref name="pixels"/> pixels that is near them and near the aspect (width over height, 1/8 to 8).</summary>
    public static (int Width, int Height) For(double aspect, int pixels)
    {
        var wanted = Math.Clamp(aspect, 1.0 / 8, 8);
        var best = (Width: Step, Height: Step, Cost: double.MaxValue);
        for (var width = Step; width * Step <= pixels; width += Step)
        {
            var height = Math.Clamp((int)Math.Round(width / wanted / Step) * Step, Step, pixels / width / Step * Step);

            // Distortion counts in full, lost resolution half: both are ratios, so both are measured in logarithms.
            var cost = Math.Abs(Math.Log(width / (wanted * height))) + (0.5 * Math.Log((double)pixels / (width * height)));
            if (cost < best.Cost - 1e-9)
            {
                best = (width, height, cost);
            }
        }

        return (best.Width, best.Height);
    }

    /// <summary>Whether the preparation can make a tensor of this size.</summary>
    public static bool Accepts(this PreparationSpec spec, int width, int height) => spec.Aspect == AspectRule.Fixed
        ? width == spec.Width && height == spec.Height
        : width >= Step && height >= Step && width % Step == 0 && height % Step == 0 && width * height <= spec.Width * spec.Height;
}
