using Inspection.Learning.Datasets;
using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Fitting;

/// <summary>The shape of a product's parts, as the alignment step sees them.</summary>
internal static class PartAspect
{
    /// <summary>Enough for a median of the part's shape.</summary>
    private const int PartsLookedAt = 32;

    /// <summary>
    /// Median length over breadth of the aligned parts; null where most images have no part that stands out. Preparing to a far too flat
    /// and to a square size scales by the breadth and by the length, so the two scales tell both.
    /// </summary>
    public static double? Of(IReadOnlyList<DatasetItem> items)
    {
        var flat = new Preparer(new PreparationSpec { Width = 1024, Height = 16, Channels = 1, Alignment = Alignment.Axis });
        var square = new Preparer(new PreparationSpec { Width = 16, Height = 16, Channels = 1, Alignment = Alignment.Axis });
        var tensor = new byte[1024 * 16];
        var aspects = new List<double>();
        using var decoder = new ImageDecoder();
        var looked = 0;
        foreach (var item in items.Take(PartsLookedAt))
        {
            if (decoder.ReadFile(item.AbsolutePath, out _) is not { } image)
            {
                continue;
            }

            looked++;
            var byBreadth = flat.Run(image.Pixels, image.Width, image.Height, image.Channels, tensor);
            var byLength = square.Run(image.Pixels, image.Width, image.Height, image.Channels, tensor);
            if (byBreadth.Outcome == AlignmentOutcome.Aligned && byLength.Outcome == AlignmentOutcome.Aligned)
            {
                static double Scale(AffineMap map) => Math.Sqrt((map.Xx * map.Xx) + (map.Yx * map.Yx));
                aspects.Add(Scale(byLength.TensorToFrame) / Scale(byBreadth.TensorToFrame));
            }
        }

        aspects.Sort();
        return 2 * aspects.Count > looked ? aspects[aspects.Count / 2] : null;
    }
}
