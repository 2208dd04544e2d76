using MathNet.Numerics.LinearAlgebra;

namespace Inspection.Learning.Fitting;

/// <summary>Principal components: y = P (x - mean), P with orthonormal rows, strongest first.</summary>
/// <param name="Mean">[Width].</param>
/// <param name="Rows">P, [Components, Width] row by row.</param>
internal sealed record Pca(float[] Mean, float[] Rows, int Components)
{
    private const int Chunk = 512;

    public int Width => Mean.Length;

    /// <param name="rows">[count, width].</param>
    public static Pca Fit(float[] rows, int width, int components)
    {
        var count = rows.Length / width;
        var mean = new double[width];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < width; j++)
            {
                mean[j] += rows[(i * width) + j];
            }
        }

        var centre = Array.ConvertAll(mean, m => (float)(m / count));
        var covariance = Covariance(rows, count, centre);
        var eigen = Matrix<double>.Build.Dense(width, width, covariance).Evd(Symmetricity.Symmetric);
        var kept = Math.Min(components, Math.Min(width, Math.Max(1, count - 1)));
        var basis = new float[kept * width];
        for (var k = 0; k < kept; k++)
        {
            // Ascending order; the sign is free and is fixed by the largest entry, so that two fits agree.
            var vector = eigen.EigenVectors.Column(width - 1 - k);
            var sign = vector[vector.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
            for (var j = 0; j < width; j++)
            {
                basis[(k * width) + j] = (float)(sign * vector[j]);
            }
        }

        return new Pca(centre, basis, kept);
    }

    /// <summary>[count, Components] of [count, Width].</summary>
    public float[] Project(float[] rows)
    {
        var count = rows.Length / Width;
        var projected = new float[count * Components];
        var offset = new float[Components];
        for (var k = 0; k < Components; k++)
        {
            offset[k] = Simd.Dot(Rows.AsSpan(k * Width, Width), Mean);
        }

        _ = Parallel.For(0, count, i =>
        {
            for (var k = 0; k < Components; k++)
            {
                projected[(i * Components) + k] = Simd.Dot(Rows.AsSpan(k * Width, Width), rows.AsSpan(i * Width, Width)) - offset[k];
            }
        });
        return projected;
    }

    private static double[] Covariance(float[] rows, int count, float[] mean)
    {
        var width = mean.Length;
        var total = new double[width * width];

        // Row j of the matrix belongs to one thread; sums run in float over a chunk and in double over chunks.
        _ = Parallel.For(0, width, j =>
        {
            var sum = new float[width];
            for (var from = 0; from < count; from += Chunk)
            {
                Array.Clear(sum);
                for (var i = from; i < Math.Min(count, from + Chunk); i++)
                {
                    Simd.AddScaled(sum, rows.AsSpan(i * width, width), rows[(i * width) + j] - mean[j]);
                }

                for (var c = 0; c < width; c++)
                {
                    total[(j * width) + c] += sum[c];
                }
            }
        });
        for (var i = 0; i < total.Length; i++)
        {
            total[i] /= count;
        }

        // The rounding differs by side; the solver wants exact symmetry.
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j < i; j++)
            {
                total[(i * width) + j] = total[(j * width) + i] = 0.5 * (total[(i * width) + j] + total[(j * width) + i]);
            }
        }

        return total;
    }
}
