using System.Runtime.CompilerServices;
using Inspection.Protocol;

namespace Inspection.Vision.Preparing.Aligning;

/// <summary>
/// Fills the tensor through an affine map: every tensor pixel is the mean of n x n bilinear samples spread over its footprint, n the scale
/// rounded up, so that when shrinking no frame pixel (and no small defect) falls between samples. 16.16 fixed point: the same bits on
/// every machine. Beyond the looked-at box its border goes on (a flat padding would draw an edge that the model sees); masked pixels are 0.
/// </summary>
internal static unsafe class Warp
{
    private const double One = 65536;

    public static void Run(ReadOnlySpan<byte> pixels, int width, int channels, PixelBox box, ReadOnlySpan<PixelBox> masks, AffineMap map, PreparationSpec spec, Span<byte> tensor)
    {
        var scale = Math.Max(Math.Sqrt((map.Xx * map.Xx) + (map.Yx * map.Yx)), Math.Sqrt((map.Xy * map.Xy) + (map.Yy * map.Yy)));
        var n = Math.Clamp((int)Math.Ceiling(scale - 0.05), 1, AlignmentConstants.MaxSupersample);
        fixed (byte* start = pixels)
        {
            var at = 0;
            var sampler = new Sampler(start, width, channels, box, masks);
            var (stepX, stepY) = ((long)(map.Xx / n * One), (long)(map.Yx / n * One));
            Span<int> sum = stackalloc int[3];
            for (var ty = 0; ty < spec.Height; ty++)
            {
                for (var tx = 0; tx < spec.Width; tx++)
                {
                    sum.Clear();
                    for (var sy = 0; sy < n; sy++)
                    {
                        var (fx, fy) = map.Apply(tx + (0.5 / n), ty + ((sy + 0.5) / n));
                        var (u, v) = ((long)((fx - 0.5) * One), (long)((fy - 0.5) * One));
                        if (channels == 1 && sampler.Holds(u, v) && sampler.Holds(u + (n * stepX), v + (n * stepY)))
                        {
                            sum[0] += sampler.GreyRun(u, v, stepX, stepY, n);
                            continue;
                        }

                        for (var sx = 0; sx < n; sx++)
                        {
                            sampler.Add(u, v, sum);
                            (u, v) = (u + stepX, v + stepY);
                        }
                    }

                    at = Store(sum, n * n, channels, spec.Channels, tensor, at);
                }
            }
        }
    }

    /// <summary>Sums are in 1/256 grey levels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Store(Span<int> sum, int samples, int channels, int outChannels, Span<byte> tensor, int at)
    {
        var round = samples << 7;
        if (outChannels == 1)
        {
            var value = channels == 1 ? sum[0] : (int)(((299L * sum[0]) + (587L * sum[1]) + (114L * sum[2])) / 1000);
            tensor[at] = (byte)((value + round) / (samples << 8));
            return at + 1;
        }

        for (var c = 0; c < 3; c++)
        {
            tensor[at + c] = (byte)((sum[channels == 1 ? 0 : c] + round) / (samples << 8));
        }

        return at + 3;
    }

    private readonly ref struct Sampler(byte* start, int width, int channels, PixelBox box, ReadOnlySpan<PixelBox> masks)
    {
        private readonly ReadOnlySpan<PixelBox> _masks = masks;
        private readonly byte* _start = start;

        /// <summary>Whether the four pixels around a place lie in the box and nothing is masked; the box is convex, so a run between two such places does too.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Holds(long u, long v)
        {
            var (x, y) = ((int)(u >> 16), (int)(v >> 16));
            return x >= box.X && y >= box.Y && x < box.X + box.Width - 1 && y < box.Y + box.Height - 1 && _masks.IsEmpty;
        }

        /// <summary>The sum of n samples along a line that <see cref="Holds"/>, of a grey frame, in 1/256 grey levels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int GreyRun(long u, long v, long stepX, long stepY, int n)
        {
            var sum = 0;
            for (var i = 0; i < n; i++)
            {
                var at = _start + ((v >> 16) * width) + (u >> 16);
                var (fu, fv) = ((int)(u >> 8) & 255, (int)(v >> 8) & 255);
                var top = (at[0] * (256 - fu)) + (at[1] * fu);
                var bottom = (at[width] * (256 - fu)) + (at[width + 1] * fu);
                sum += ((top * (256 - fv)) + (bottom * fv)) >> 8;
                (u, v) = (u + stepX, v + stepY);
            }

            return sum;
        }

        /// <summary>Adds the bilinear sample at (u, v), 16.16 fixed point between pixel centres, in 1/256 grey levels.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(long u, long v, Span<int> sum)
        {
            var (x, y) = ((int)(u >> 16), (int)(v >> 16));
            var (fu, fv) = ((int)(u >> 8) & 255, (int)(v >> 8) & 255);
            if (!Holds(u, v))
            {
                AddSlowly(x, y, fu, fv, sum);
                return;
            }

            var stride = width * channels;
            var at = _start + ((long)y * stride) + (x * channels);
            for (var c = 0; c < channels; c++, at++)
            {
                var top = (at[0] * (256 - fu)) + (at[channels] * fu);
                var bottom = (at[stride] * (256 - fu)) + (at[stride + channels] * fu);
                sum[c] += ((top * (256 - fv)) + (bottom * fv)) >> 8;
            }
        }

        private void AddSlowly(int x, int y, int fu, int fv, Span<int> sum)
        {
            for (var c = 0; c < channels; c++)
            {
                var top = (Value(x, y, c) * (256 - fu)) + (Value(x + 1, y, c) * fu);
                var bottom = (Value(x, y + 1, c) * (256 - fu)) + (Value(x + 1, y + 1, c) * fu);
                sum[c] += (int)((((long)top * (256 - fv)) + ((long)bottom * fv)) >> 16);
            }
        }

        /// <summary>In 1/256 grey levels.</summary>
        private int Value(int x, int y, int channel)
        {
            x = Math.Clamp(x, box.X, box.X + box.Width - 1);
            y = Math.Clamp(y, box.Y, box.Y + box.Height - 1);
            foreach (var mask in _masks)
            {
                if (x >= mask.X && y >= mask.Y && x < mask.X + mask.Width && y < mask.Y + mask.Height)
                {
                    return 0;
                }
            }

            return _start[((((long)y * width) + x) * channels) + channel] << 8;
        }
    }
}
