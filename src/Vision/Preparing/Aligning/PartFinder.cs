using Inspection.Protocol;

namespace Inspection.Vision.Preparing.Aligning;

/// <summary>
/// Finds the part in a frame: on a grey copy of at most 256 pixels a side, Otsu's threshold (what most of the border is, is background),
/// the largest blob, its main axis. One thread at a time; frames of one size allocate nothing after the first.
/// </summary>
public sealed unsafe class PartFinder
{
    private readonly BlobFinder _blobs = new();
    private readonly int[] _histogram = new int[256];
    private Resampler? _shrink;
    private byte[] _copy = [];
    private bool[] _marks = [];
    private (int Width, int Height) _size;

    /// <param name="pixels">[height, width, channels] uint8, rows packed.</param>
    /// <param name="box">Where to look, within the frame.</param>
    /// <param name="masks">Hidden regions in frame pixels; they are background.</param>
    /// <returns>Aligned with the pose, or why there is none.</returns>
    public AlignmentOutcome Find(ReadOnlySpan<byte> pixels, int width, int height, int channels, PixelBox box, ReadOnlySpan<PixelBox> masks, out PartPose pose)
    {
        PreparationCheck.RequireFrame(pixels.Length, width, height, channels);
        pose = default;
        Shrink(pixels, width, channels, box);
        var (sx, sy) = ((double)box.Width / _size.Width, (double)box.Height / _size.Height);
        var marks = _marks.AsSpan(0, _size.Width * _size.Height);
        Hide(marks, box, masks, sx, sy);
        if (!Threshold(marks))
        {
            return AlignmentOutcome.NoBlob;
        }

        var blob = _blobs.Largest(marks, _size.Width, _size.Height);
        if (blob.Length < AlignmentConstants.MinArea * marks.Length)
        {
            return AlignmentOutcome.NoBlob;
        }

        if (MainAxis.Of(blob, _size.Width) is not { } found)
        {
            return AlignmentOutcome.NoAxis;
        }

        // the copy keeps the aspect to within a pixel, so one scale serves lengths of any direction
        var scale = Math.Sqrt(sx * sy);
        pose = found with { CentreX = box.X + (found.CentreX * sx), CentreY = box.Y + (found.CentreY * sy), Length = found.Length * scale, Breadth = found.Breadth * scale };
        return AlignmentOutcome.Aligned;
    }

    private void Shrink(ReadOnlySpan<byte> pixels, int width, int channels, PixelBox box)
    {
        var by = Math.Max(1, Math.Max(box.Width, box.Height) / (double)AlignmentConstants.FindSide);
        var size = (Math.Max(1, (int)Math.Round(box.Width / by)), Math.Max(1, (int)Math.Round(box.Height / by)));
        if (_shrink is null || size != _size)
        {
            _size = size;
            _shrink = new Resampler(size.Item1, size.Item2, 1);
            if (_copy.Length < size.Item1 * size.Item2)
            {
                _copy = new byte[size.Item1 * size.Item2];
                _marks = new bool[_copy.Length];
            }
        }

        _shrink.Configure(width, channels, box, []);
        fixed (byte* start = pixels)
        {
            for (var y = 0; y < size.Item2; y++)
            {
                TensorRow.Write(_shrink.Row(start, y), _copy.AsSpan(y * size.Item1, size.Item1));
            }
        }
    }

    /// <summary>Marks what may be looked at.</summary>
    private void Hide(Span<bool> marks, PixelBox box, ReadOnlySpan<PixelBox> masks, double sx, double sy)
    {
        marks.Fill(true);
        foreach (var mask in masks)
        {
            var left = Math.Clamp((int)Math.Floor((mask.X - box.X) / sx), 0, _size.Width);
            var right = Math.Clamp((int)Math.Ceiling((mask.X + mask.Width - box.X) / sx), left, _size.Width);
            var top = Math.Clamp((int)Math.Floor((mask.Y - box.Y) / sy), 0, _size.Height);
            var bottom = Math.Clamp((int)Math.Ceiling((mask.Y + mask.Height - box.Y) / sy), top, _size.Height);
            for (var y = top; y < bottom; y++)
            {
                marks.Slice((y * _size.Width) + left, right - left).Clear();
            }
        }
    }

    /// <summary>Leaves the part's pixels marked; false where nothing stands out.</summary>
    private bool Threshold(Span<bool> marks)
    {
        var histogram = _histogram.AsSpan();
        histogram.Clear();
        for (var i = 0; i < marks.Length; i++)
        {
            histogram[_copy[i]] += marks[i] ? 1 : 0;
        }

        var (threshold, contrast) = Otsu.Split(histogram);
        if (contrast < AlignmentConstants.MinContrast)
        {
            return false;
        }

        var (dark, border) = (0, 0);
        for (var y = 0; y < _size.Height; y++)
        {
            // whole first and last rows, else the two ends
            var step = y == 0 || y == _size.Height - 1 ? 1 : Math.Max(1, _size.Width - 1);
            for (var x = 0; x < _size.Width; x += step)
            {
                var at = (y * _size.Width) + x;
                border += marks[at] ? 1 : 0;
                dark += marks[at] && _copy[at] <= threshold ? 1 : 0;
            }
        }

        var partIsBright = dark * 2 > border;
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] &= _copy[i] > threshold == partIsBright;
        }

        return true;
    }
}
