using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Inspection.Protocol;

namespace Inspection.Vision.Preparing;

/// <summary>
/// Resizes a box of a frame, one output row at a time: first down (source rows into one float row, SIMD over columns), then along (each
/// output value is one short dot product, with the mixing of colours folded into its weights). Fused multiply-add in a fixed order: the
/// same bits on every machine. Masked pixels count as 0. One thread at a time; allocates only when a larger shape comes.
/// </summary>
internal sealed unsafe class Resampler(int outWidth, int outHeight, int outChannels)
{
    // ITU-R BT.601 luma, as OpenCV's and the JPEG standard's grey
    private static readonly float[] Luma = [0.299f, 0.587f, 0.114f];

    private readonly AxisTaps _down = new();
    private readonly AxisTaps _along = new();
    private readonly float[] _row = GC.AllocateArray<float>((outWidth * outChannels) + Vector256<float>.Count, pinned: true);
    private int[] _start = [];
    private float[] _weights = [];
    private float[] _columns = [];
    private PixelBox[] _masks = [];
    private int _maskCount;
    private PixelBox _box;
    private int _channels;
    private int _stride;
    private int _vectors;

    /// <summary>1 where one value serves all output channels (grey in or grey out), else 3.</summary>
    public int RowChannels => _channels == 3 && outChannels == 3 ? 3 : 1;

    /// <param name="box">Within the frame.</param>
    /// <param name="masks">In frame pixels.</param>
    public void Configure(int frameWidth, int channels, PixelBox box, ReadOnlySpan<PixelBox> masks)
    {
        _box = box;
        _stride = frameWidth * channels;
        SetMasks(masks);
        _ = _down.Build(box.Height, outHeight);
        if (_along.Build(box.Width, outWidth) || channels != _channels)
        {
            _channels = channels;
            BuildWeights();
        }
    }

    /// <summary>Output row y as unrounded values [outWidth, RowChannels], valid until the next call.</summary>
    public ReadOnlySpan<float> Row(byte* pixels, int y)
    {
        var first = _down.First(y);
        var weights = _down.Weights(y);
        var start = pixels + ((long)(_box.Y + first) * _stride) + (_box.X * _channels);
        fixed (float* columns = _columns)
        {
            if (IsMasked(_box.Y + first, weights.Length))
            {
                DownMasked(pixels, _box.Y + first, weights, columns);
            }
            else
            {
                Down(start, weights, columns, _box.Width * _channels);
            }

            Along(columns);
        }

        return _row.AsSpan(0, outWidth * RowChannels);
    }

    private void Down(byte* start, ReadOnlySpan<float> weights, float* columns, int length)
    {
        var x = 0;
        for (; x <= length - 32; x += 32)
        {
            var (a, b, c, d) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            var at = start + x;
            foreach (var value in weights)
            {
                var weight = Vector256.Create(value);
                a = Vector256.FusedMultiplyAdd(Widen(at), weight, a);
                b = Vector256.FusedMultiplyAdd(Widen(at + 8), weight, b);
                c = Vector256.FusedMultiplyAdd(Widen(at + 16), weight, c);
                d = Vector256.FusedMultiplyAdd(Widen(at + 24), weight, d);
                at += _stride;
            }

            a.Store(columns + x);
            b.Store(columns + x + 8);
            c.Store(columns + x + 16);
            d.Store(columns + x + 24);
        }

        for (; x < length; x++)
        {
            var sum = 0f;
            var at = start + x;
            foreach (var weight in weights)
            {
                sum = MathF.FusedMultiplyAdd(*at, weight, sum);
                at += _stride;
            }

            columns[x] = sum;
        }
    }

    private void DownMasked(byte* pixels, int firstRow, ReadOnlySpan<float> weights, float* columns)
    {
        new Span<float>(columns, _box.Width * _channels).Clear();
        for (var i = 0; i < weights.Length; i++)
        {
            var y = firstRow + i;
            for (var x = _box.X; x < _box.X + _box.Width;)
            {
                var (hidden, next) = Segment(x, y);
                if (!hidden)
                {
                    var from = pixels + ((long)y * _stride) + (x * _channels);
                    var to = columns + ((x - _box.X) * _channels);
                    AddRow(from, weights[i], to, (next - x) * _channels);
                }

                x = next;
            }
        }
    }

    private static void AddRow(byte* from, float value, float* to, int length)
    {
        var weight = Vector256.Create(value);
        var x = 0;
        for (; x <= length - 8; x += 8)
        {
            Vector256.FusedMultiplyAdd(Widen(from + x), weight, Vector256.Load(to + x)).Store(to + x);
        }

        for (; x < length; x++)
        {
            to[x] = MathF.FusedMultiplyAdd(from[x], value, to[x]);
        }
    }

    /// <summary>Whether pixel (x, y) is masked, and where that may change along the row.</summary>
    private (bool Hidden, int Next) Segment(int x, int y)
    {
        var next = _box.X + _box.Width;
        foreach (var mask in _masks.AsSpan(0, _maskCount))
        {
            if (y < mask.Y || y >= mask.Y + mask.Height)
            {
                continue;
            }

            if (x >= mask.X && x < mask.X + mask.Width)
            {
                return (true, Math.Min(next, mask.X + mask.Width));
            }

            if (mask.X > x)
            {
                next = Math.Min(next, mask.X);
            }
        }

        return (false, next);
    }

    private bool IsMasked(int firstRow, int rows)
    {
        foreach (var mask in _masks.AsSpan(0, _maskCount))
        {
            if (firstRow < mask.Y + mask.Height && firstRow + rows > mask.Y && _box.X < mask.X + mask.Width && _box.X + _box.Width > mask.X)
            {
                return true;
            }
        }

        return false;
    }

    private void Along(float* columns)
    {
        var stride = 8 * _vectors;
        fixed (float* weights = _weights, row = _row)
        fixed (int* starts = _start)
        {
            // _start and _weights are padded to whole fours, and _row has room for them
            for (var k = 0; k < outWidth * RowChannels; k += 4)
            {
                var weight = weights + (k * stride);
                var a = Dot(columns + starts[k], weight);
                var b = Dot(columns + starts[k + 1], weight + stride);
                var c = Dot(columns + starts[k + 2], weight + (2 * stride));
                var d = Dot(columns + starts[k + 3], weight + (3 * stride));
                Sum(a, b, c, d).Store(row + k);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Dot(float* from, float* weight)
    {
        var sum = Vector256.Load(from) * Vector256.Load(weight);
        for (var v = 8; v < 8 * _vectors; v += 8)
        {
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(from + v), Vector256.Load(weight + v), sum);
        }

        return sum;
    }

    private void BuildWeights()
    {
        var values = RowChannels;
        _vectors = ((_along.MaxCount * _channels) + 7) / 8;
        var stride = 8 * _vectors;
        var padded = ((outWidth * values) + 3) / 4 * 4;
        Grow(ref _weights, padded * stride);
        Grow(ref _columns, (_box.Width * _channels) + stride);
        if (_start.Length < padded)
        {
            _start = new int[padded];
        }

        _start.AsSpan().Clear();
        _weights.AsSpan().Clear();
        for (var x = 0; x < outWidth; x++)
        {
            var taps = _along.Weights(x);
            for (var value = 0; value < values; value++)
            {
                var k = (x * values) + value;
                _start[k] = _along.First(x) * _channels;
                for (var t = 0; t < taps.Length; t++)
                {
                    for (var c = 0; c < _channels; c++)
                    {
                        // grey of a colour takes all three, each colour of a colour its own
                        var share = _channels == values ? (c == value ? 1f : 0f) : Luma[c];
                        _weights[(k * stride) + (t * _channels) + c] = taps[t] * share;
                    }
                }
            }
        }
    }

    private void SetMasks(ReadOnlySpan<PixelBox> masks)
    {
        if (_masks.Length < masks.Length)
        {
            _masks = new PixelBox[masks.Length];
        }

        masks.CopyTo(_masks);
        _maskCount = masks.Length;
    }

    private static void Grow(ref float[] array, int length)
    {
        if (array.Length < length)
        {
            array = GC.AllocateArray<float>(length, pinned: true);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Widen(byte* from)
    {
        if (Avx2.IsSupported)
        {
            return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(from));
        }

        var wide = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)from).AsByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32());
    }

    /// <summary>The sums of four vectors, each as ((0+1)+(2+3)) + ((4+5)+(6+7)): one order of additions on every machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        if (Avx.IsSupported)
        {
            var pairs = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
            return pairs.GetLower() + pairs.GetUpper();
        }

        return Vector128.Create(One(a), One(b), One(c), One(d));

        static float One(Vector256<float> v) => ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
    }
}
