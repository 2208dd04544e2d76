using Inspection.Learning.Backbones;
using Inspection.Learning.Statistics;
using Inspection.Vision.Inference;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Fitting;

/// <summary>
/// Backbone features of the training images, computed once for the final fit and all refits: per image every patch as it lies, a seeded
/// sample of patches of all its flips (the bank's candidates), and the global features of all its flips.
/// </summary>
internal sealed record FeatureSet(int Width, int GlobalWidth, float[][] Patches, float[][] Candidates, float[][] Globals)
{
    /// <param name="candidates">How many bank candidates are wanted in all.</param>
    public static FeatureSet Extract(Backbone backbone, PreparationSpec spec, IReadOnlyList<string> maps, IReadOnlyList<PreparedImage> images, bool flips, int candidates, int seed, Action<int> done)
    {
        var views = flips ? 4 : 1;
        var count = images.Count;
        var (patches, sampled, globals) = (new float[count][], new float[count][], new float[count][]);
        using var options = SessionFactory.Options(new InferenceOptions());
        using var session = new InferenceSession(CoarseGraph.Features(backbone, spec, maps), options);
        using var run = new RunOptions();
        var widths = new int[count];
        var finished = 0;

        // A session may run on several threads at once; each run's bits do not depend on the others.
        _ = Parallel.For(0, count, i =>
        {
            var image = images[i];
            var (own, ownPooled, width) = Run(session, run, image, image.Tensor, spec.Channels);
            widths[i] = width;
            patches[i] = own;
            var sample = new List<float>();
            var pooled = new List<float>();
            var random = new SeededRandom(((ulong)seed << 32) + (ulong)i);
            var perView = (int)Math.Ceiling(1.3 * candidates / (count * views));
            for (var view = 0; view < views; view++)
            {
                var (rows, global, _) = view == 0 ? (own, ownPooled, width) : Run(session, run, image, image.Flip(spec.Channels, (view & 1) != 0, (view & 2) != 0), spec.Channels);
                pooled.AddRange(global);
                Sample(rows, width, perView, ref random, sample);
            }

            (sampled[i], globals[i]) = ([.. sample], [.. pooled]);
            done(Interlocked.Increment(ref finished));
        });
        GC.KeepAlive(run);
        return new FeatureSet(widths[0], globals[0].Length / views, patches, sampled, globals);
    }

    /// <summary>The candidates of some images, one after another.</summary>
    public float[] CandidatesOf(IEnumerable<int> images) => Join(images.Select(i => Candidates[i]));

    public float[] GlobalsOf(IEnumerable<int> images) => Join(images.Select(i => Globals[i]));

    private static float[] Join(IEnumerable<float[]> parts)
    {
        var all = parts.ToList();
        var joined = new float[all.Sum(p => p.Length)];
        var at = 0;
        foreach (var part in all)
        {
            part.CopyTo(joined, at);
            at += part.Length;
        }

        return joined;
    }

    /// <summary>[patches, width] and the global features of one tensor.</summary>
    private static (float[] Rows, float[] Global, int Width) Run(InferenceSession session, RunOptions run, PreparedImage image, byte[] tensor, int channels)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(tensor, [1, image.Height, image.Width, channels]);
        using var outputs = session.Run(run, ["input"], [input], ["features", "pooled"]);
        var shape = outputs[0].GetTensorTypeAndShape().Shape;
        var (width, grid) = ((int)shape[1], (int)(shape[2] * shape[3]));
        var planes = outputs[0].GetTensorDataAsSpan<float>();
        var rows = new float[planes.Length];
        for (var c = 0; c < width; c++)
        {
            for (var p = 0; p < grid; p++)
            {
                rows[(p * width) + c] = planes[(c * grid) + p];
            }
        }

        return (rows, outputs[1].GetTensorDataAsSpan<float>().ToArray(), width);
    }

    private static void Sample(float[] rows, int width, int wanted, ref SeededRandom random, List<float> into)
    {
        var patches = rows.Length / width;
        var order = Enumerable.Range(0, patches).ToArray();
        for (var k = 0; k < Math.Min(wanted, patches); k++)
        {
            var j = k + random.Below(patches - k);
            (order[k], order[j]) = (order[j], order[k]);
            into.AddRange(rows.AsSpan(order[k] * width, width));
        }
    }
}
