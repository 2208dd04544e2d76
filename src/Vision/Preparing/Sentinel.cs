using System.Globalization;
using Inspection.Vision.Frames;

namespace Inspection.Vision.Preparing;

/// <summary>
/// Rule S7: says of a frame, before any model sees it, that it cannot be judged: wrong size, black, blown, truncated, frozen, blurred.
/// Looks at 16 to 64 rows spread over the frame; allocates only for a reason in words and when frames grow. One per camera, one
/// thread at a time (it remembers the last frame).
/// </summary>
public sealed class Sentinel(SentinelOptions options)
{
    private const int MaxRows = 64;
    private const int MinRows = 16;

    /// <summary>So that a frame of any size costs a tenth of a millisecond or so.</summary>
    private const int MaxBytes = 128 << 10;
    private const int Apart = 16;
    private readonly SentinelOptions _options = options.Validate();
    private byte[] _last = [];
    private (int Width, int Height, int Channels) _lastShape;
    private int _equalInARow;

    public SentinelVerdict Check(FrameSlot slot) => Check(slot.Pixels, slot.Width, slot.Height, slot.Channels);

    /// <param name="pixels">[height, width, channels] uint8, rows packed.</param>
    public SentinelVerdict Check(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        PreparationCheck.RequireFrame(pixels.Length, width, height, channels);
        if ((_options.ExpectedWidth ?? width) != width || (_options.ExpectedHeight ?? height) != height)
        {
            return new SentinelVerdict(SentinelFinding.WrongSize, $"wrong size: {width} x {height}, expected {Or(_options.ExpectedWidth)} x {Or(_options.ExpectedHeight)} pixels");
        }

        var reading = Read(pixels, width, height, channels);
        if (reading.Black >= _options.BlackFraction)
        {
            return Say(SentinelFinding.Black, $"black: {reading.Black:P1} of the pixels are at most {_options.BlackLevel} (limit {_options.BlackFraction:P1})");
        }

        if (reading.Blown >= _options.BlownFraction)
        {
            return Say(SentinelFinding.Blown, $"blown out: {reading.Blown:P1} of the pixels are at least {_options.BlownLevel} (limit {_options.BlownFraction:P1})");
        }

        if (reading.FlatTail >= _options.TruncatedFraction)
        {
            return Say(SentinelFinding.Truncated, $"truncated: the last {reading.FlatTail:P1} of the rows are all one value (limit {_options.TruncatedFraction:P1})");
        }

        if (_options.FrozenAfter > 0 && _equalInARow >= _options.FrozenAfter)
        {
            return Say(SentinelFinding.Frozen, $"frozen: equal to the frame before, {_equalInARow} times in a row (limit {_options.FrozenAfter})");
        }

        return reading.Structure >= _options.MinStructure && reading.Sharpness < _options.MinSharpness
            ? Say(SentinelFinding.Blurred, $"blurred: sharpness {reading.Sharpness:F4} is below {_options.MinSharpness:F4}")
            : SentinelVerdict.Good;
    }

    /// <summary>What the limits are compared with.</summary>
    internal Reading Read(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        var stride = width * channels;
        var rows = Math.Min(height, Math.Clamp(MaxBytes / stride, MinRows, MaxRows));
        var comparable = Remember(rows * stride, (width, height, channels));
        long low = 0, high = 0, near = 0, far = 0, changed = 0;
        for (var i = 0; i < rows; i++)
        {
            var row = pixels.Slice((int)(((2L * i) + 1) * height / (2 * rows)) * stride, stride);
            var (lows, highs) = FrameStatistics.Count(row, (byte)_options.BlackLevel, (byte)_options.BlownLevel);
            (low, high) = (low + lows, high + highs);
            if (width > Apart)
            {
                // both over the same pixels, so that their ratio is of like things
                var start = row[..^(Apart * channels)];
                near += FrameStatistics.SquaredDifferences(start, row.Slice(channels, start.Length));
                far += FrameStatistics.SquaredDifferences(start, row[(Apart * channels)..]);
            }

            if (_options.FrozenAfter > 0)
            {
                var last = _last.AsSpan(i * stride, stride);
                changed += comparable ? FrameStatistics.AbsoluteDifferences(row, last) : 0;
                row.CopyTo(last);
            }
        }

        double sampled = (long)rows * stride;
        _equalInARow = comparable && changed <= _options.FrozenDifference * sampled ? _equalInARow + 1 : 0;
        var pairs = Math.Max(1.0, (long)rows * Math.Max(0, width - Apart) * channels);
        return new Reading(low / sampled, high / sampled, FlatTail(pixels, stride, height), far / pairs, far == 0 ? 1 : (double)near / far);
    }

    /// <summary>Makes room for the sampled rows; true where they hold those of a frame of the same shape.</summary>
    private bool Remember(int length, (int Width, int Height, int Channels) shape)
    {
        if (_options.FrozenAfter == 0)
        {
            return false;
        }

        if (shape == _lastShape)
        {
            return true;
        }

        _lastShape = shape;
        if (_last.Length < length)
        {
            _last = new byte[length];
        }

        return false;
    }

    /// <summary>The share of rows at the bottom that are all one value; a frame of nothing else is no transfer cut off.</summary>
    private static double FlatTail(ReadOnlySpan<byte> pixels, int stride, int height)
    {
        var value = pixels[^1];
        var rows = 0;
        while (rows < height && pixels.Slice((height - 1 - rows) * stride, stride).IndexOfAnyExcept(value) < 0)
        {
            rows++;
        }

        return rows == height ? 0 : (double)rows / height;
    }

    private static SentinelVerdict Say(SentinelFinding finding, FormattableString detail) => new(finding, detail.ToString(CultureInfo.InvariantCulture));

    private static string Or(int? side) => side?.ToString(CultureInfo.InvariantCulture) ?? "any";

    internal readonly record struct Reading(double Black, double Blown, double FlatTail, double Structure, double Sharpness);
}
