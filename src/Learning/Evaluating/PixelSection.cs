using Inspection.Learning.Statistics;
using Inspection.Vision.Imaging;

namespace Inspection.Learning.Evaluating;

/// <summary>The pixel figures of a test, and what had to be left out of them and why.</summary>
internal sealed record PixelSection(PixelFigures? Figures, IReadOnlyList<string> Footnotes)
{
    public static PixelSection Of(IReadOnlyList<EvaluatedImage> images, int mapWidth, int mapHeight)
    {
        List<string> notes = [];
        if (!images.Any(i => i.Item.MaskPath is not null))
        {
            return new PixelSection(null, ["pixel_auroc and aupro are null: the data set has no pixel masks (ground_truth/CLASS/STEM_mask.png)"]);
        }

        using var decoder = new ImageDecoder();
        List<PixelSample> samples = [];
        var (unmasked, unmapped) = (0, 0);
        foreach (var image in images)
        {
            if (image.Map is null || image.Map.Any(v => !float.IsFinite(v)))
            {
                unmapped++;
            }
            else if (image.IsBad && image.Item.MaskPath is null)
            {
                unmasked++;
            }
            else if (image.Item.MaskPath is { } mask && Masks.Problem(decoder, mask, image.Geometry.FrameWidth, image.Geometry.FrameHeight) is { Length: > 0 } problem)
            {
                notes.Add($"left out of the pixel figures: {problem}");
            }
            else
            {
                samples.Add(new MapSample(image, mapWidth, mapHeight, decoder));
            }
        }

        if (unmasked > 0)
        {
            notes.Add($"pixel figures leave out {unmasked} defective picture(s) without a mask: which of their pixels are defect-free is unknown");
        }

        if (unmapped > 0)
        {
            notes.Add($"pixel figures leave out {unmapped} picture(s) without a finite anomaly map");
        }

        var figures = PixelMetrics.Of(samples);
        if (figures is null)
        {
            notes.Add("pixel_auroc and aupro are null: no picture with both a mask that marks a defect and a map");
        }

        return new PixelSection(figures, notes);
    }
}
