namespace Inspection.Learning.Fitting;

/// <summary>
/// Multinomial logistic regression on standardised features with L2 on the weights and one weight a sample, by L-BFGS (Nocedal, Wright,
/// algorithm 7.5) with backtracking. Deterministic, whatever the number of threads.
/// </summary>
/// <param name="Weights">[Classes, Width], for raw features: standardisation is folded in.</param>
/// <param name="Bias">[Classes].</param>
internal sealed record LogisticRegression(float[] Weights, float[] Bias)
{
    private const int Memory = 8;
    private const int MaxIterations = 80;
    private const double GradientTolerance = 1e-4;
    private const float LeastDeviation = 1e-6f;

    public int Classes => Bias.Length;

    public int Width => Weights.Length / Classes;

    /// <param name="rows">Feature vectors.</param>
    /// <param name="labels">Class of each row.</param>
    /// <param name="penalty">L2 on standardised weights, as a share of the mean loss.</param>
    public static LogisticRegression Fit(IReadOnlyList<float[]> rows, IReadOnlyList<int> labels, int classes, double penalty)
    {
        var width = rows[0].Length;
        var (mean, inverse) = Standardise(rows);
        var scaled = rows.Select(r => Scale(r, mean, inverse)).ToArray();
        var counts = new int[classes];
        foreach (var label in labels)
        {
            counts[label]++;
        }

        // Class-weighted: every class that occurs counts the same in all.
        var present = counts.Count(c => c > 0);
        var weight = labels.Select(l => 1.0 / (present * counts[l])).ToArray();
        var problem = new Problem(scaled, [.. labels], weight, classes, width + 1, penalty);
        var solved = Minimise(problem);
        var (weights, bias) = (new float[classes * width], new float[classes]);
        for (var c = 0; c < classes; c++)
        {
            var constant = (double)solved[(c * (width + 1)) + width];
            for (var j = 0; j < width; j++)
            {
                var w = solved[(c * (width + 1)) + j] * inverse[j];
                weights[(c * width) + j] = w;
                constant -= w * mean[j];
            }

            bias[c] = (float)constant;
        }

        return new LogisticRegression(weights, bias);
    }

    public float[] Probabilities(ReadOnlySpan<float> row)
    {
        var scores = new float[Classes];
        for (var c = 0; c < Classes; c++)
        {
            scores[c] = Simd.Dot(row, Weights.AsSpan(c * Width, Width)) + Bias[c];
        }

        Softmax(scores);
        return scores;
    }

    private static void Softmax(Span<float> scores)
    {
        var most = float.NegativeInfinity;
        foreach (var s in scores)
        {
            most = Math.Max(most, s);
        }

        var sum = 0f;
        foreach (ref var s in scores)
        {
            s = MathF.Exp(s - most);
            sum += s;
        }

        foreach (ref var s in scores)
        {
            s /= sum;
        }
    }

    private static (float[] Mean, float[] Inverse) Standardise(IReadOnlyList<float[]> rows)
    {
        var width = rows[0].Length;
        var (mean, square) = (new double[width], new double[width]);
        foreach (var row in rows)
        {
            for (var j = 0; j < width; j++)
            {
                mean[j] += row[j];
                square[j] += (double)row[j] * row[j];
            }
        }

        var inverse = new float[width];
        for (var j = 0; j < width; j++)
        {
            mean[j] /= rows.Count;
            inverse[j] = 1 / MathF.Max(LeastDeviation, (float)Math.Sqrt(Math.Max(0, (square[j] / rows.Count) - (mean[j] * mean[j]))));
        }

        return (Array.ConvertAll(mean, m => (float)m), inverse);
    }

    /// <summary>Standardised, with a constant 1 behind.</summary>
    private static float[] Scale(float[] row, float[] mean, float[] inverse)
    {
        var scaled = new float[row.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            scaled[j] = (row[j] - mean[j]) * inverse[j];
        }

        scaled[row.Length] = 1;
        return scaled;
    }

    private static float[] Minimise(Problem problem)
    {
        var at = new float[problem.Size];
        var (value, gradient) = problem.Evaluate(at);
        var history = new List<(float[] Step, float[] Change, double Rho)>();
        for (var iteration = 0; iteration < MaxIterations && Norm(gradient) > GradientTolerance; iteration++)
        {
            var direction = Direction(gradient, history);
            var slope = Dot(direction, gradient);
            var length = iteration == 0 ? 1 / Math.Max(1, Norm(gradient)) : 1.0;
            float[] next;
            double nextValue;
            float[] nextGradient;
            var tries = 0;
            do
            {
                next = (float[])at.Clone();
                Simd.AddScaled(next, direction, (float)length);
                (nextValue, nextGradient) = problem.Evaluate(next);
                length /= 2;
            }
            while (nextValue > value + (2e-4 * length * slope) && ++tries < 20);
            if (nextValue >= value)
            {
                break;
            }

            var (step, change) = ((float[])next.Clone(), (float[])nextGradient.Clone());
            Simd.AddScaled(step, at, -1);
            Simd.AddScaled(change, gradient, -1);
            var curvature = Dot(step, change);
            if (curvature > 1e-12)
            {
                history.Add((step, change, 1 / curvature));
                if (history.Count > Memory)
                {
                    history.RemoveAt(0);
                }
            }

            (at, value, gradient) = (next, nextValue, nextGradient);
        }

        return at;
    }

    private static float[] Direction(float[] gradient, List<(float[] Step, float[] Change, double Rho)> history)
    {
        var direction = (float[])gradient.Clone();
        var alphas = new double[history.Count];
        for (var k = history.Count - 1; k >= 0; k--)
        {
            alphas[k] = history[k].Rho * Dot(history[k].Step, direction);
            Simd.AddScaled(direction, history[k].Change, (float)-alphas[k]);
        }

        if (history.Count > 0)
        {
            var (step, change, _) = history[^1];
            var scale = (float)(Dot(step, change) / Dot(change, change));
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (var k = 0; k < history.Count; k++)
        {
            var beta = history[k].Rho * Dot(history[k].Change, direction);
            Simd.AddScaled(direction, history[k].Step, (float)(alphas[k] - beta));
        }

        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = -direction[i];
        }

        return direction;
    }

    private static double Dot(float[] a, float[] b) => Simd.Dot(a, b);

    private static double Norm(float[] a) => Math.Sqrt(Dot(a, a));

    private sealed class Problem(float[][] rows, int[] labels, double[] weight, int classes, int width, double penalty)
    {
        private const int Parts = 16;

        public int Size => classes * width;

        /// <summary>Loss and gradient. Rows are summed in a fixed number of parts, so the result does not depend on threads.</summary>
        public (double Value, float[] Gradient) Evaluate(float[] at)
        {
            var values = new double[Parts];
            var gradients = new float[Parts][];
            _ = Parallel.For(0, Parts, part =>
            {
                var gradient = new float[Size];
                var scores = new float[classes];
                for (var i = part; i < rows.Length; i += Parts)
                {
                    for (var c = 0; c < classes; c++)
                    {
                        scores[c] = Simd.Dot(rows[i], at.AsSpan(c * width, width));
                    }

                    Softmax(scores);
                    values[part] -= weight[i] * Math.Log(Math.Max(1e-30, scores[labels[i]]));
                    for (var c = 0; c < classes; c++)
                    {
                        Simd.AddScaled(gradient.AsSpan(c * width, width), rows[i], (float)(weight[i] * (scores[c] - (c == labels[i] ? 1 : 0))));
                    }
                }

                gradients[part] = gradient;
            });
            var total = gradients[0];
            for (var part = 1; part < Parts; part++)
            {
                Simd.AddScaled(total, gradients[part], 1);
            }

            var value = values.Sum();
            for (var c = 0; c < classes; c++)
            {
                // The constant, last in each row, is not penalised.
                var w = at.AsSpan(c * width, width - 1);
                value += 0.5 * penalty * Simd.Dot(w, w);
                Simd.AddScaled(total.AsSpan(c * width, width - 1), w, (float)penalty);
            }

            return (value, total);
        }
    }
}
