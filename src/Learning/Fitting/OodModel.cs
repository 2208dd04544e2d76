namespace Inspection.Learning.Fitting;

/// <summary>
/// Out-of-distribution score of an image (DFM: Ahuja et al. 2019): the length of the global feature vector's residual after projection on
/// the principal components of good images, over that length's root mean square on the images it was learned from.
/// </summary>
internal sealed record OodModel(Pca Components, float Typical)
{
    /// <summary>At most this many components, and at most a quarter of the images: a residual needs directions that were not fitted.</summary>
    private const int MostComponents = 24;

    /// <param name="rows">[images, width] global features of good images and their flips.</param>
    /// <param name="independent">How many different images those are.</param>
    public static OodModel Fit(float[] rows, int width, int independent)
    {
        var pca = Pca.Fit(rows, width, Math.Clamp(independent / 4, 1, MostComponents));
        var model = new OodModel(pca, 1);
        var count = rows.Length / width;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            var residual = model.Score(rows.AsSpan(i * width, width));
            sum += residual * residual;
        }

        return model with { Typical = MathF.Max(1e-6f, (float)Math.Sqrt(sum / count)) };
    }

    public float Score(ReadOnlySpan<float> row)
    {
        var centred = row.ToArray();
        Simd.AddScaled(centred, Components.Mean, -1);
        var rest = (float[])centred.Clone();
        for (var k = 0; k < Components.Components; k++)
        {
            var direction = Components.Rows.AsSpan(k * Components.Width, Components.Width);
            Simd.AddScaled(rest, direction, -Simd.Dot(direction, centred));
        }

        return MathF.Sqrt(Simd.Dot(rest, rest)) / Typical;
    }
}
