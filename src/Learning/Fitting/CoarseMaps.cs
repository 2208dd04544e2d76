using System.Globalization;
using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Imaging;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Fitting;

/// <summary>
/// Where the coarse model would send a verifier to, for training: of an image that is in the coarse bank the map comes from a bank without
/// its group (rule 12 of evaluation.md), or good images would look falsely clean; of any other image from the package itself.
/// </summary>
internal static class CoarseMaps
{
    private const int Folds = 5;

    /// <summary>Peak boxes of every item, strongest first; empty for an image that cannot be read (reported).</summary>
    public static PixelBox[][] Peaks(ModelPackage coarse, IReadOnlyList<DatasetItem> items, VerifierThresholds regions, string? backboneFile, List<string> unreadable, Action<int, int> done)
    {
        var seen = SeenImages.Read(coarse.Directory) ?? new HashSet<Digest>();
        var inBank = items.Select(i => seen.Contains(DatasetDigest.OfFile(i.AbsolutePath))).ToArray();
        var peaks = new PixelBox[items.Count][];
        var bankItems = Enumerable.Range(0, items.Count).Where(i => inBank[i]).ToArray();
        CrossFitted(coarse, items, bankItems, regions, backboneFile, peaks, unreadable, done);
        FromPackage(coarse, items, [.. Enumerable.Range(0, items.Count).Where(i => !inBank[i])], regions, peaks, unreadable, done);
        return peaks;
    }

    private static void CrossFitted(ModelPackage coarse, IReadOnlyList<DatasetItem> items, int[] chosen, VerifierThresholds regions, string? backboneFile, PixelBox[][] peaks, List<string> unreadable, Action<int, int> done)
    {
        if (chosen.Length == 0)
        {
            return;
        }

        var (spec, lineage) = (coarse.Manifest.Preparation, coarse.Manifest.Lineage);
        var wanted = chosen.Select(i => items[i]).ToList();
        var images = PreparedImages.Read(wanted, spec, unreadable, _ => { });
        var index = images.Select(image => chosen[wanted.IndexOf(image.Item)]).ToArray();
        foreach (var missing in chosen.Except(index))
        {
            peaks[missing] = [];
        }

        var options = new CoarseFitOptions
        {
            Seed = int.Parse(lineage["seed"], CultureInfo.InvariantCulture),
            BankSize = int.Parse(lineage["bank_size"], CultureInfo.InvariantCulture),
            Components = int.Parse(lineage["components"], CultureInfo.InvariantCulture),
        };
        var views = TrainingView.Of(lineage["flips"] != "none", lineage["turns"] != "none");
        var features = FeatureSet.Extract(Backbone.Open(backboneFile), spec, lineage["maps"].Split(' '), images, views, options.CandidatePatches, options.Seed, n => done(n, images.Count));
        var folds = GroupFolds.Make([.. images.Select(i => i.Item)], Folds, options.Seed, stratify: false);
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var (bank, _) = CoarseCalibration.Fit(features, folds.Kept(fold), options);
            _ = Parallel.ForEach(folds.HeldOut(fold), held =>
            {
                var image = images[held];
                var (width, height) = (image.Width / TensorSize.Step, image.Height / TensorSize.Step);
                peaks[index[held]] = Select(bank.Distances(features.Patches[held]), height, width, image.Geometry, regions);
            });
        }
    }

    private static void FromPackage(ModelPackage coarse, IReadOnlyList<DatasetItem> items, int[] chosen, VerifierThresholds regions, PixelBox[][] peaks, List<string> unreadable, Action<int, int> done)
    {
        var thresholds = coarse.Manifest.Coarse!;
        var count = 0;
        _ = Parallel.ForEach<int, Tools>(
            chosen,
            () => new Tools(coarse),
            (i, state, tools) =>
            {
                peaks[i] = [];
                if (tools.Decoder.ReadFile(items[i].AbsolutePath, out var problem) is { } image)
                {
                    var geometry = tools.Preparer.Run(image.Pixels, image.Width, image.Height, image.Channels, tools.Slot.Tensor);
                    tools.Slot.Geometry = geometry;
                    _ = tools.Session.Run(tools.Slot);
                    peaks[i] = Select(tools.Session.AnomalyMap, thresholds.MapHeight, thresholds.MapWidth, geometry, regions);
                }
                else
                {
                    lock (unreadable)
                    {
                        unreadable.Add(problem);
                    }
                }

                done(Interlocked.Increment(ref count), chosen.Length);
                return tools;
            },
            tools => tools.Dispose());
    }

    private static PixelBox[] Select(ReadOnlySpan<float> map, int height, int width, PreparedGeometry geometry, VerifierThresholds regions)
    {
        var boxes = new PixelBox[regions.MaxRegions];
        var count = CandidateRegions.Select(map, height, width, geometry, CropRule.Of(regions), float.NegativeInfinity, boxes);
        return boxes[..count];
    }

    /// <summary>What one thread runs the coarse package with.</summary>
    private sealed class Tools : IDisposable
    {
        private readonly FrameRing _ring;

        public Tools(ModelPackage coarse)
        {
            _ring = new FrameRing(1, 1, coarse.Manifest.Preparation.TensorLength);
            _ = _ring.TryRent(out var slot);
            Slot = slot;
            Session = new OnnxCoarseSession(coarse);
            Preparer = new Preparer(coarse.Manifest.Preparation);
        }

        public FrameSlot Slot { get; }

        public OnnxCoarseSession Session { get; }

        public Preparer Preparer { get; }

        public ImageDecoder Decoder { get; } = new();

        public void Dispose()
        {
            Session.Dispose();
            Decoder.Dispose();
            _ring.Dispose();
        }
    }
}
