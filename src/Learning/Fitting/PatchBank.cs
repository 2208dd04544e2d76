using Inspection.Learning.Statistics;

namespace Inspection.Learning.Fitting;

/// <summary>
/// The fitted form of the coarse detector (PatchCore: Roth et al. 2022, with the residual of DFM: Ahuja et al. 2019): x is a patch's pooled
/// features; z = x / sqrt(|x|^2 + Median); y = P (z - mean); rest = |z - mean - P^T y|, what the components leave over. A patch's distance
/// is sqrt(min |y - b|^2 + rest^2) over the bank: in the whole feature space, to where the bank entry lies among the components. Without
/// the rest a texture that no good part shows would be cut off with the components. An image's score is the mean of its largest few.
/// </summary>
internal sealed record PatchBank(float Median, Pca Projection, float[] Bank)
{
    private readonly float[] _norms = Norms(Bank, Projection.Components);

    public int Size => Bank.Length / Projection.Components;

    /// <param name="rows">[count, width] pooled features of the good patches that may enter the bank.</param>
    /// <param name="width">Features a patch.</param>
    /// <param name="options">Sizes.</param>
    public static PatchBank Fit(float[] rows, int width, PatchBankOptions options)
    {
        var squares = new float[rows.Length / width];
        _ = Parallel.For(0, squares.Length, i => squares[i] = Simd.Dot(rows.AsSpan(i * width, width), rows.AsSpan(i * width, width)));
        var median = MedianOf(squares);
        var random = new SeededRandom(options.Seed);
        var pca = Pca.Fit(Scale(RowDraw.Random(rows, width, options.PcaRows, ref random), width, median), width, options.Components);
        var points = pca.Project(Scale(RowDraw.Random(rows, width, options.Candidates, ref random), width, median));
        var chosen = KCentre.Select(Narrow(points, pca.Components, options.GreedyComponents), Math.Min(pca.Components, options.GreedyComponents), options.BankSize, options.Seed + 2);
        var bank = new float[chosen.Length * pca.Components];
        for (var k = 0; k < chosen.Length; k++)
        {
            points.AsSpan(chosen[k] * pca.Components, pca.Components).CopyTo(bank.AsSpan(k * pca.Components));
        }

        return new PatchBank(median, pca, bank);
    }

    /// <summary>Distance of every patch to the bank; the plain form of what the ONNX head computes.</summary>
    /// <param name="features">[patches, width] of one image.</param>
    public float[] Distances(float[] features)
    {
        var (components, width) = (Projection.Components, Projection.Width);
        var scaled = Scale(features, width, Median);
        var points = Projection.Project(scaled);
        var distances = new float[points.Length / components];
        for (var p = 0; p < distances.Length; p++)
        {
            var point = points.AsSpan(p * components, components);
            var least = float.PositiveInfinity;
            for (var m = 0; m < Size; m++)
            {
                least = Math.Min(least, _norms[m] - (2 * Simd.Dot(point, Bank.AsSpan(m * components, components))));
            }

            var centred = scaled.AsSpan(p * width, width);
            Simd.AddScaled(centred, Projection.Mean, -1);
            distances[p] = MathF.Sqrt(Math.Max(0, least + Simd.Dot(centred, centred)));
        }

        return distances;
    }

    /// <summary>Mean of the largest <paramref name="top"/> distances.</summary>
    public static float Score(ReadOnlySpan<float> distances, int top)
    {
        var sorted = distances.ToArray();
        Array.Sort(sorted);
        var n = Math.Min(top, sorted.Length);
        var sum = 0f;
        for (var i = 0; i < n; i++)
        {
            sum += sorted[sorted.Length - 1 - i];
        }

        return sum / n;
    }

    private static float[] Scale(float[] rows, int width, float median)
    {
        var scaled = new float[rows.Length];
        _ = Parallel.For(0, rows.Length / width, i =>
        {
            var row = rows.AsSpan(i * width, width);
            Simd.AddScaled(scaled.AsSpan(i * width, width), row, 1 / MathF.Sqrt(Simd.Dot(row, row) + median));
        });
        return scaled;
    }

    private static float[] Narrow(float[] points, int components, int kept)
    {
        if (kept >= components)
        {
            return points;
        }

        var narrow = new float[points.Length / components * kept];
        for (var i = 0; i < points.Length / components; i++)
        {
            points.AsSpan(i * components, kept).CopyTo(narrow.AsSpan(i * kept));
        }

        return narrow;
    }

    private static float MedianOf(float[] values)
    {
        var sorted = (float[])values.Clone();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }

    private static float[] Norms(float[] bank, int components)
    {
        var norms = new float[bank.Length / components];
        for (var m = 0; m < norms.Length; m++)
        {
            norms[m] = Simd.Dot(bank.AsSpan(m * components, components), bank.AsSpan(m * components, components));
        }

        return norms;
    }
}

/// <summary>Sizes of one bank fit.</summary>
internal sealed record PatchBankOptions(int BankSize, ulong Seed)
{
    public int Components { get; init; } = 128;

    /// <summary>Patches that the projection is learned from.</summary>
    public int PcaRows { get; init; } = 12_000;

    /// <summary>Patches that the greedy choice looks at, drawn with the seed.</summary>
    public int Candidates { get; init; } = 120_000;

    /// <summary>Leading components that the greedy choice measures distances in: most of the variance at half the time.</summary>
    public int GreedyComponents { get; init; } = 64;
}
