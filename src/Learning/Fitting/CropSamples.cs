using Inspection.Learning.Datasets;
using Inspection.Protocol;

namespace Inspection.Learning.Fitting;

/// <summary>One crop that the verifier learns from, and where it came from.</summary>
/// <param name="Item">The image it was cut from: its group keeps it on one side of every split.</param>
/// <param name="Label">"good", or the defect class.</param>
/// <param name="IsPeak">Cut at a peak of the anomaly map, as at inspection; else at a mask.</param>
/// <param name="Features">Of the crop as it lies, then of its flips.</param>
/// <param name="Source">Synthetic only: the image whose defect was drawn in.</param>
internal sealed record CropSample(DatasetItem Item, string Label, bool IsPeak, float[][] Features, DatasetItem? Source = null);

/// <summary>The crops of one image before their features are known.</summary>
internal sealed record CropTensors(DatasetItem Item, List<(string Label, bool IsPeak, byte[] Tensor)> Crops);

/// <summary>Which boxes of an image are cut, and what each one shows.</summary>
internal static class CropLabels
{
    /// <summary>A crop shows the defect when it holds this share of the mask, or this share of it is mask.</summary>
    private const double ShareOfMask = 0.25;
    private const double ShareOfCrop = 0.05;

    /// <summary>
    /// For a good image: its peaks, "good". For a defect image with a mask: a box at the mask, and its peaks, each by what it shows; without
    /// a mask: its strongest peak alone, since of the others nobody knows.
    /// </summary>
    public static IEnumerable<(PixelBox Box, string Label, bool IsPeak)> Of(DatasetItem item, ReadOnlySpan<PixelBox> peaks, DefectMask? mask, int side)
    {
        var boxes = new List<(PixelBox, string, bool)>();
        if (!item.IsGood && mask is not null)
        {
            boxes.Add((mask.BoxAround(side), item.Label, false));
        }

        for (var i = 0; i < peaks.Length; i++)
        {
            if (item.IsGood)
            {
                boxes.Add((peaks[i], DatasetItem.Good, true));
            }
            else if (mask is not null)
            {
                var inside = mask.CountIn(peaks[i]);
                var shows = inside >= ShareOfMask * mask.Count || inside >= ShareOfCrop * peaks[i].Width * peaks[i].Height;
                if (shows || inside == 0)
                {
                    boxes.Add((peaks[i], shows ? item.Label : DatasetItem.Good, true));
                }
            }
            else if (i == 0)
            {
                boxes.Add((peaks[i], item.Label, true));
            }
        }

        return boxes;
    }
}

/// <summary>A defect's pixels: mask values above 127, at the image's own size.</summary>
internal sealed class DefectMask
{
    private const byte Threshold = 127;
    private readonly bool[] _defect;
    private readonly int _width;
    private readonly int _height;
    private readonly int _centreX;
    private readonly int _centreY;

    /// <param name="values">[height, width] grey.</param>
    public DefectMask(ReadOnlySpan<byte> values, int width, int height, int channels)
    {
        (_width, _height, _defect) = (width, height, new bool[width * height]);
        var (sumX, sumY) = (0L, 0L);
        for (var i = 0; i < _defect.Length; i++)
        {
            if (values[i * channels] > Threshold)
            {
                _defect[i] = true;
                Count++;
                sumX += i % width;
                sumY += i / width;
            }
        }

        if (Count > 0)
        {
            (_centreX, _centreY) = Nearest((int)(sumX / Count), (int)(sumY / Count));
        }
    }

    public int Count { get; }

    public bool IsDefect(int x, int y) => x >= 0 && y >= 0 && x < _width && y < _height && _defect[(y * _width) + x];

    /// <summary>A square around the defect pixel nearest to the defect's centre, inside the frame.</summary>
    public PixelBox BoxAround(int side) => Vision.Preparing.FrameRegions.Inside(new PixelBox(_centreX - (side / 2), _centreY - (side / 2), side, side), _width, _height);

    public int CountIn(PixelBox box)
    {
        var count = 0;
        for (var y = box.Y; y < box.Y + box.Height; y++)
        {
            for (var x = box.X; x < box.X + box.Width; x++)
            {
                count += IsDefect(x, y) ? 1 : 0;
            }
        }

        return count;
    }

    private (int X, int Y) Nearest(int x, int y)
    {
        var best = (X: x, Y: y, Distance: long.MaxValue);
        for (var i = 0; i < _defect.Length; i++)
        {
            if (_defect[i])
            {
                var (dx, dy) = ((long)((i % _width) - x), (long)((i / _width) - y));
                var distance = (dx * dx) + (dy * dy);
                if (distance < best.Distance)
                {
                    best = (i % _width, i / _width, distance);
                }
            }
        }

        return (best.X, best.Y);
    }
}
