using Inspection.Learning.Datasets;
using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;

namespace Inspection.Learning.Fitting;

/// <summary>How the parts of a data set lie, as the alignment step sees them.</summary>
internal static class PartAngles
{
    /// <summary>Enough for a median of the part's shape.</summary>
    private const int PartsLookedAt = 32;

    /// <summary>Parts that lie one way have mean resultant length 1 (of doubled angles), parts at any angle near 0.</summary>
    private const double OneWay = 0.7;

    /// <summary>
    /// Median length over breadth of the aligned parts; null where most images have no part that stands out. Preparing to a far too flat
    /// and to a square size scales by the breadth and by the length, so the two scales tell both.
    /// </summary>
    public static double? Aspect(IReadOnlyList<DatasetItem> items)
    {
        var (found, looked) = Find(items);
        var aspects = found.Select(f => f.Aspect).Order().ToArray();
        return 2 * aspects.Length > looked ? aspects[aspects.Length / 2] : null;
    }

    /// <summary>Whether most images show a part that stands out and has an axis, and the axes point anywhere.</summary>
    public static bool AreAny(IReadOnlyList<DatasetItem> items)
    {
        var (found, looked) = Find(items);
        var x = found.Sum(f => Math.Cos(2 * f.Angle));
        var y = found.Sum(f => Math.Sin(2 * f.Angle));
        return 2 * found.Count > looked && Math.Sqrt((x * x) + (y * y)) < OneWay * found.Count;
    }

    private static (List<(double Aspect, double Angle)> Found, int Looked) Find(IReadOnlyList<DatasetItem> items)
    {
        var flat = new Preparer(new PreparationSpec { Width = 1024, Height = 16, Channels = 1, Alignment = Alignment.Axis });
        var square = new Preparer(new PreparationSpec { Width = 16, Height = 16, Channels = 1, Alignment = Alignment.Axis });
        var tensor = new byte[1024 * 16];
        var found = new List<(double, double)>();
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
                var map = byBreadth.TensorToFrame;
                found.Add((Scale(byLength.TensorToFrame) / Scale(map), Math.Atan2(map.Yx, map.Xx)));
            }
        }

        return (found, looked);
    }
}
