using Inspection.Protocol;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;

namespace Inspection.Vision.Inference;

/// <summary>Rule W6: what a verifier wants to see of a candidate; all that a coarse worker must know of the verifier.</summary>
/// <param name="Fraction">Side of the square crop, as a fraction of the frame's shorter side.</param>
/// <param name="Minimum">Its least size in pixels of the frame.</param>
/// <param name="MaxRegions">At most so many regions of a view.</param>
public readonly record struct CropRule(double Fraction, int Minimum, int MaxRegions)
{
    public static CropRule Of(VerifierThresholds verifier) => new(verifier.CropFraction, verifier.CropMinimum, verifier.MaxRegions);
}

/// <summary>Rule W6: which regions of a frame a verifier looks at.</summary>
public static class CandidateRegions
{
    /// <summary>
    /// Squares around the peaks of the anomaly map, strongest first, inside the frame. Peaks are the largest cells at or above the threshold;
    /// cells whose square would overlap a chosen one by more than half are passed over. The score is a mean of several cells, so a
    /// candidate may have no cell above the threshold: then its largest cell is the one peak.
    /// </summary>
    /// <param name="map">[mapHeight, mapWidth].</param>
    /// <param name="geometry">How the frame was prepared.</param>
    /// <param name="threshold">Least value of a peak.</param>
    /// <param name="crops">How large the squares are, and how many.</param>
    /// <param name="regions">Room for the boxes; at most its length and at most crops.MaxRegions are written.</param>
    /// <param name="peaks">The map's value at each region; as long as regions, or empty where not wanted.</param>
    /// <returns>How many regions.</returns>
    public static int Select(
        ReadOnlySpan<float> map,
        int mapHeight,
        int mapWidth,
        PreparedGeometry geometry,
        CropRule crops,
        float threshold,
        Span<PixelBox> regions,
        Span<float> peaks = default)
    {
        var side = CropSide(geometry.FrameWidth, geometry.FrameHeight, crops);
        var wanted = Math.Min(regions.Length, crops.MaxRegions);
        var count = 0;
        var (lastPeak, lastIndex) = (float.PositiveInfinity, -1);
        while (count < wanted)
        {
            // The next largest cell below the last one, in the order (value, index), without sorting or marking.
            var (best, at) = (float.NegativeInfinity, -1);
            for (var i = 0; i < map.Length; i++)
            {
                var value = map[i];
                if ((value < lastPeak || (value == lastPeak && i > lastIndex)) && value > best)
                {
                    (best, at) = (value, i);
                }
            }

            if (at < 0 || (best < threshold && count > 0))
            {
                break;
            }

            (lastPeak, lastIndex) = (best, at);
            var box = Around(geometry, ((at % mapWidth) + 0.5) / mapWidth, ((at / mapWidth) + 0.5) / mapHeight, side);
            if (!OverlapsHalf(box, regions[..count]))
            {
                regions[count] = box;
                if (!peaks.IsEmpty)
                {
                    peaks[count] = best;
                }

                count++;
            }

            if (best < threshold)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>Side of the square in pixels of the frame: the larger of the minimum and the fraction of the shorter side, within the frame.</summary>
    public static int CropSide(int frameWidth, int frameHeight, CropRule crops)
    {
        var shorter = Math.Min(frameWidth, frameHeight);
        return Math.Clamp(Math.Max(crops.Minimum, (int)Math.Round(crops.Fraction * shorter)), 1, shorter);
    }

    private static PixelBox Around(PreparedGeometry geometry, double u, double v, int side)
    {
        var (x, y) = geometry.ToFrame(u * geometry.TensorWidth, v * geometry.TensorHeight);
        return FrameRegions.Inside(new PixelBox((int)Math.Round(x - (side / 2.0)), (int)Math.Round(y - (side / 2.0)), side, side), geometry.FrameWidth, geometry.FrameHeight);
    }

    private static bool OverlapsHalf(PixelBox box, ReadOnlySpan<PixelBox> chosen)
    {
        foreach (var other in chosen)
        {
            var width = Math.Min(box.X + box.Width, other.X + other.Width) - Math.Max(box.X, other.X);
            var height = Math.Min(box.Y + box.Height, other.Y + other.Height) - Math.Max(box.Y, other.Y);
            if (width > 0 && height > 0 && 2L * width * height > (long)box.Width * box.Height)
            {
                return true;
            }
        }

        return false;
    }
}
