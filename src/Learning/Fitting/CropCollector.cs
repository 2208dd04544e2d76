using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Inspection.Vision.Imaging;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Fitting;

/// <summary>Cuts the verifier's training crops, adds flips and, for classes with few examples, synthetic ones, and computes their features.</summary>
internal static class CropCollector
{
    /// <summary>As they lie, left to right, top to bottom.</summary>
    private static readonly (bool Across, bool Along)[] Flips = [(false, false), (true, false), (false, true)];

    public static (List<CropSample> Real, List<CropSample> Synthetic) Collect(
        ModelPackage coarse, IReadOnlyList<DatasetItem> items, Backbone backbone, IReadOnlyList<string> maps, VerifierFitOptions options, List<string> unreadable, Action<string, int, int> done)
    {
        var regions = options.Regions([DatasetItem.Good, "defect"]);
        var spec = CropSpec(coarse.Manifest.Preparation, options);
        var peaks = CoarseMaps.Peaks(coarse, items, regions, options.BackboneFile, unreadable, (n, total) => done("regions", n, total));
        var cut = new CropTensors[items.Count];
        var pasted = new List<(DatasetItem Ground, DatasetItem Source, byte[] Tensor)>();
        var patches = new DefectPatches(options.Seed);
        using (var decoder = new ImageDecoder())
        {
            var preparer = new Preparer(spec);
            for (var i = 0; i < items.Count; i++)
            {
                cut[i] = Cut(decoder, preparer, items[i], peaks[i], regions, patches);
            }
        }

        foreach (var few in cut.SelectMany(c => c.Crops.Where(x => x.Label != DatasetItem.Good).Select(x => (x.Label, c.Item.Path))).GroupBy(x => x.Label))
        {
            var images = few.Select(f => f.Path).Distinct().Count();
            if (images < options.FewExamples)
            {
                pasted.AddRange(patches.Paste(few.Key, options.FewExamples - images, [.. cut.Where(c => c.Item.IsGood && c.Crops.Count > 0)], spec));
            }
        }

        using var sessionOptions = SessionFactory.Options(new InferenceOptions());
        using var session = new InferenceSession(VerifierGraph.Features(backbone, spec.Width, spec.Channels, maps), sessionOptions);
        using var run = new RunOptions();
        var todo = cut.SelectMany(c => c.Crops.Select(x => (c.Item, x.Label, x.IsPeak, x.Tensor, (DatasetItem?)null))).ToList();
        var real = Features(session, run, spec, todo, n => done("crops", n, todo.Count));
        var synthetic = Features(session, run, spec, [.. pasted.Select(p => (p.Ground, p.Source.Label, false, p.Tensor, (DatasetItem?)p.Source))], _ => { });
        return (real, synthetic);
    }

    /// <summary>How a crop becomes the verifier's input.</summary>
    public static PreparationSpec CropSpec(PreparationSpec coarse, VerifierFitOptions options) => new()
    {
        Width = options.CropPixels,
        Height = options.CropPixels,
        Channels = coarse.Channels,
        Masks = coarse.Masks,
    };

    private static CropTensors Cut(ImageDecoder decoder, Preparer preparer, DatasetItem item, Protocol.PixelBox[] peaks, VerifierThresholds regions, DefectPatches patches)
    {
        var crops = new List<(string, bool, byte[])>();
        if (decoder.ReadFile(item.AbsolutePath, out _) is { } image)
        {
            var mask = item.MaskPath is not null && decoder.ReadFile(item.MaskPath, out _) is { } drawn && drawn.Width == image.Width && drawn.Height == image.Height
                ? new DefectMask(drawn.Pixels, drawn.Width, drawn.Height, drawn.Channels)
                : null;
            mask = mask is { Count: 0 } ? null : mask;
            foreach (var (box, label, isPeak) in CropLabels.Of(item, peaks, mask, CandidateRegions.CropSide(image.Width, image.Height, CropRule.Of(regions))))
            {
                var tensor = new byte[preparer.Spec.TensorLength];
                _ = preparer.RunRegion(image.Pixels, image.Width, image.Height, image.Channels, box, tensor);
                crops.Add((label, isPeak, tensor));
                if (mask is not null && label != DatasetItem.Good && !isPeak)
                {
                    patches.Add(item, tensor, preparer.Spec, mask, box);
                }
            }
        }

        return new CropTensors(item, crops);
    }

    private static List<CropSample> Features(InferenceSession session, RunOptions run, PreparationSpec spec, List<(DatasetItem Item, string Label, bool IsPeak, byte[] Tensor, DatasetItem? Source)> crops, Action<int> done)
    {
        var samples = new CropSample[crops.Count];
        var count = 0;
        _ = Parallel.For(0, crops.Count, i =>
        {
            var (item, label, isPeak, tensor, source) = crops[i];
            var features = Flips.Select(f => Run(session, run, Mirror.Of(tensor, spec.Width, spec.Height, spec.Channels, f.Across, f.Along), spec)).ToArray();
            samples[i] = new CropSample(item, label, isPeak, features, source);
            done(Interlocked.Increment(ref count));
        });
        GC.KeepAlive(run);
        return [.. samples];
    }

    private static float[] Run(InferenceSession session, RunOptions run, byte[] tensor, PreparationSpec spec)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(tensor, [1, spec.Height, spec.Width, spec.Channels]);
        using var outputs = session.Run(run, ["input"], [input], ["features"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
