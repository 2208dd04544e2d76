using Inspection.Learning.Backbones;
using Inspection.Learning.Statistics;
using Inspection.Vision.Inference;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Fitting;

/// <summary>
/// Backbone features of the training images, computed once for the final fit and all refits. Per image: every patch as it lies; a random
/// sample of the patches of all its views, from which projection, scale and bank are learned; and the global features of all its views.
/// </summary>
internal sealed record FeatureSet(int Width, int GlobalWidth, float[][] Patches, float[][] Candidates, float[][] Globals)
{
    /// <param name="backbone">Frozen network.</param>
    /// <param name="spec">How the images were prepared.</param>
    /// <param name="maps">Feature maps, deepest last.</param>
    /// <param name="images">Prepared images.</param>
    /// <param name="views">Ways in which each image enters, as it lies first.</param>
    /// <param name="candidates">Bank candidates wanted in all.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="done">Told how many images are finished.</param>
    public static FeatureSet Extract(Backbone backbone, PreparationSpec spec, IReadOnlyList<string> maps, IReadOnlyList<PreparedImage> images, TrainingView[] views, int candidates, int seed, Action<int> done) =>
        Extract(backbone, spec, maps, images, views, candidates, [seed], done)[0];

    /// <summary>The sets of several seeds for one pass through the backbone: they differ in their candidates only and share all else.</summary>
    public static FeatureSet[] Extract(Backbone backbone, PreparationSpec spec, IReadOnlyList<string> maps, IReadOnlyList<PreparedImage> images, TrainingView[] views, int candidates, int[] seeds, Action<int> done)
    {
        var count = images.Count;
        var (patches, globals) = (new float[count][], new float[count][]);
        var sampled = Array.ConvertAll(seeds, _ => new float[count][]);
        using var options = SessionFactory.Options(new InferenceOptions());
        using var session = new InferenceSession(CoarseGraph.Features(backbone, spec, maps), options);
        using var run = new RunOptions();
        var widths = new int[count];
        var finished = 0;

        // A fold leaves a fifth of the images out; it should still have what was asked for.
        var candidatesEach = (int)Math.Ceiling(1.25 * candidates / count);

        // A session may run on several threads at once; each run's bits do not depend on the others.
        _ = Parallel.For(0, count, i =>
        {
            var image = images[i];
            var all = new List<float>();
            var pooled = new List<float>();
            foreach (var view in views)
            {
                var (rows, global, width) = Run(session, run, image, view.Apply(image.Tensor, image.Width, image.Height, spec.Channels), spec.Channels);
                patches[i] ??= rows;
                widths[i] = width;
                all.AddRange(rows);
                pooled.AddRange(global);
            }

            float[] rowsOfAll = [.. all];
            for (var s = 0; s < seeds.Length; s++)
            {
                var random = new SeededRandom(((ulong)seeds[s] << 32) + (ulong)i);
                sampled[s][i] = RowDraw.Random(rowsOfAll, widths[i], candidatesEach, ref random);
            }

            globals[i] = [.. pooled];
            done(Interlocked.Increment(ref finished));
        });
        GC.KeepAlive(run);
        return Array.ConvertAll(sampled, drawn => new FeatureSet(widths[0], globals[0].Length / views.Length, patches, drawn, globals));
    }

    /// <summary>The bank candidates of some images, one after another.</summary>
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
}
