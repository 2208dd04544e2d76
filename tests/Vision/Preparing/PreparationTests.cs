using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Preparing;

public sealed class PreparationTests
{
    [Fact]
    public void It_agrees_with_OpenCV_within_half_a_grey_level_over_many_sizes()
    {
        var random = new Random(20);
        for (var i = 0; i < 250; i++)
        {
            var channels = i % 2 == 0 ? 1 : 3;
            var (width, height) = (random.Next(1, 400), random.Next(1, 400));
            var (outWidth, outHeight) = (random.Next(1, 300), random.Next(1, 300));
            AssertAgrees(TestPictures.Noise(width, height, channels, i), width, height, channels, outWidth, outHeight);
        }
    }

    [Theory]
    [InlineData(1920, 1080, 256, 256)]
    [InlineData(1024, 1024, 256, 256)]
    [InlineData(1024, 1024, 512, 128)]
    [InlineData(300, 300, 256, 256)]
    [InlineData(103, 222, 192, 336)]
    [InlineData(256, 256, 256, 256)]
    [InlineData(257, 255, 256, 256)]
    public void It_agrees_with_OpenCV_on_the_sizes_that_lines_have(int width, int height, int outWidth, int outHeight)
    {
        foreach (var channels in new[] { 1, 3 })
        {
            AssertAgrees(TestPictures.Waves(width, height, channels), width, height, channels, outWidth, outHeight);
        }
    }

    [Fact]
    public void Grey_is_the_luma_of_RGB_and_RGB_of_grey_repeats_it()
    {
        var colour = TestPictures.Noise(90, 70, 3, 3);
        var grey = new byte[40 * 30];
        _ = Preparation.Run(colour, 90, 70, 3, Spec(40, 30, 1), grey);
        var rgb = new byte[40 * 30 * 3];
        _ = Preparation.Run(colour, 90, 70, 3, Spec(40, 30, 3), rgb);
        for (var i = 0; i < grey.Length; i++)
        {
            Assert.InRange(grey[i] - ((0.299 * rgb[3 * i]) + (0.587 * rgb[(3 * i) + 1]) + (0.114 * rgb[(3 * i) + 2])), -1.01, 1.01);
        }

        var repeated = new byte[40 * 30 * 3];
        var plain = TestPictures.Noise(90, 70, 1, 4);
        _ = Preparation.Run(plain, 90, 70, 1, Spec(40, 30, 3), repeated);
        _ = Preparation.Run(plain, 90, 70, 1, Spec(40, 30, 1), grey);
        Assert.Equal(grey.SelectMany(v => new[] { v, v, v }), repeated);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_mask_is_the_same_as_a_frame_that_is_black_there(int channels)
    {
        EquatableList<FractionBox> masks = [new(0.1, 0.2, 0.3, 0.25), new(0.35, 0.3, 0.5, 0.5), new(0.9, 0, 0.1, 0.1)];
        var (width, height) = (173, 131);
        var frame = TestPictures.Noise(width, height, channels, 9);
        var black = (byte[])frame.Clone();
        foreach (var mask in masks.Select(m => FrameRegions.Mask(m, width, height)))
        {
            for (var y = mask.Y; y < mask.Y + mask.Height; y++)
            {
                black.AsSpan(((y * width) + mask.X) * channels, mask.Width * channels).Clear();
            }
        }

        var spec = Spec(64, 48, channels) with { Crop = new FractionBox(0.05, 0.05, 0.9, 0.85) };
        var (masked, expected) = (new byte[spec.TensorLength], new byte[spec.TensorLength]);
        _ = Preparation.Run(frame, width, height, channels, spec with { Masks = masks }, masked);
        _ = Preparation.Run(black, width, height, channels, spec, expected);
        Assert.Equal(expected, masked);
        Assert.NotEqual(frame, black);
    }

    [Fact]
    public void A_crop_sees_nothing_outside_of_it()
    {
        var frame = TestPictures.Noise(120, 80, 1, 2);
        var spec = Spec(33, 21, 1) with { Crop = new FractionBox(0.25, 0.25, 0.5, 0.5) };
        var (before, after) = (new byte[spec.TensorLength], new byte[spec.TensorLength]);
        var geometry = Preparation.Run(frame, 120, 80, 1, spec, before);
        for (var i = 0; i < frame.Length; i++)
        {
            if (i % 120 is < 30 or >= 90 || i / 120 is < 20 or >= 60)
            {
                frame[i] ^= 0xFF;
            }
        }

        _ = Preparation.Run(frame, 120, 80, 1, spec, after);
        Assert.Equal(before, after);
        Assert.Equal(new PixelBox(30, 20, 60, 40), geometry.CellsToFrame(new PixelBox(0, 0, 8, 8), 8, 8));
    }

    [Fact]
    public void A_region_is_moved_into_the_frame_and_equals_a_crop_of_the_same_place()
    {
        var frame = TestPictures.Noise(100, 60, 3, 6);
        var preparer = new Preparer(Spec(32, 32, 3));
        var tensor = new byte[32 * 32 * 3];
        var geometry = preparer.RunRegion(frame, 100, 60, 3, new PixelBox(80, -10, 40, 40), tensor);
        Assert.Equal(new PixelBox(60, 0, 40, 40), geometry.CellsToFrame(new PixelBox(0, 0, 1, 1), 1, 1));

        var expected = new byte[32 * 32 * 3];
        _ = Preparation.Run(frame, 100, 60, 3, Spec(32, 32, 3) with { Crop = new FractionBox(0.6, 0, 0.4, 40 / 60.0) }, expected);
        Assert.Equal(expected, tensor);

        geometry = preparer.RunRegion(frame, 100, 60, 3, new PixelBox(-50, -50, 500, 500), tensor);
        Assert.Equal(new PixelBox(0, 0, 100, 60), geometry.CellsToFrame(new PixelBox(0, 0, 1, 1), 1, 1));
    }

    [Fact]
    public void Every_byte_of_the_tensor_is_written_and_none_beyond()
    {
        var frame = TestPictures.Noise(91, 57, 3, 1);
        foreach (var channels in new[] { 1, 3 })
        {
            var spec = Spec(37, 29, channels);
            var (zeros, ones) = (new byte[spec.TensorLength + 64], Enumerable.Repeat((byte)255, spec.TensorLength + 64).ToArray());
            _ = Preparation.Run(frame, 91, 57, 3, spec, zeros);
            _ = Preparation.Run(frame, 91, 57, 3, spec, ones);
            Assert.Equal(zeros[..spec.TensorLength], ones[..spec.TensorLength]);
            Assert.All(zeros[spec.TensorLength..], v => Assert.Equal(0, v));
            Assert.All(ones[spec.TensorLength..], v => Assert.Equal(255, v));
        }
    }

    [Fact]
    public void A_preparer_that_changes_sizes_gives_what_a_new_one_gives_and_settles_to_no_allocation()
    {
        var spec = Spec(48, 40, 1) with { Masks = [new(0, 0, 0.1, 0.1)] };
        var preparer = new Preparer(spec);
        var frames = new[] { (300, 200, 1), (47, 61, 3), (48, 40, 1), (301, 199, 3), (20, 500, 1) }
            .Select((s, i) => (s.Item1, s.Item2, s.Item3, Pixels: TestPictures.Noise(s.Item1, s.Item2, s.Item3, i))).ToArray();
        var (reused, fresh) = (new byte[spec.TensorLength], new byte[spec.TensorLength]);
        foreach (var (width, height, channels, pixels) in frames.Concat(frames))
        {
            _ = preparer.Run(pixels, width, height, channels, reused);
            _ = Preparation.Run(pixels, width, height, channels, spec, fresh);
            Assert.Equal(fresh, reused);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++)
        {
            var (width, height, channels, pixels) = frames[i % frames.Length];
            _ = preparer.Run(pixels, width, height, channels, reused);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_slot_gets_its_tensor_and_its_geometry()
    {
        using var ring = new FrameRing(1, 200 * 100, 32 * 16);
        Assert.True(ring.TryRent(out var slot));
        var frame = TestPictures.Waves(200, 100, 1);
        frame.CopyTo(slot.PixelRoom);
        slot.SetShape(200, 100, 1);
        var geometry = new Preparer(Spec(32, 16, 1)).Run(slot);
        var expected = new byte[32 * 16];
        _ = Preparation.Run(frame, 200, 100, 1, Spec(32, 16, 1), expected);
        Assert.Equal(expected, slot.Tensor.ToArray());
        Assert.Equal(geometry, slot.Geometry);
    }

    [Fact]
    public void A_senseless_spec_is_refused_by_the_name_of_its_key()
    {
        Assert.Contains("preparation.width", Assert.Throws<ArgumentException>(() => new Preparer(Spec(0, 5, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("preparation.channels", Assert.Throws<ArgumentException>(() => new Preparer(Spec(5, 5, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("preparation.crop", Assert.Throws<ArgumentException>(() => new Preparer(Spec(5, 5, 1) with { Crop = new FractionBox(0.5, 0, 0.6, 1) })).Message, StringComparison.Ordinal);
        Assert.Contains("preparation.version", Assert.Throws<ArgumentException>(() => new Preparer(Spec(5, 5, 1) with { Version = "prep-0" })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(13, 7)]
    [InlineData(31.5, 15.25)]
    public void A_point_goes_to_the_frame_and_back(double x, double y)
    {
        var geometry = PreparedGeometry.OfBox(640, 480, new PixelBox(17, 33, 200, 150), 32, 16);
        var (fx, fy) = geometry.ToFrame(x, y);
        var (tx, ty) = geometry.ToTensor(fx, fy);
        Assert.Equal((x, y), (Math.Round(tx, 9), Math.Round(ty, 9)));
        Assert.Equal((17 + (x * 200 / 32), 33 + (y * 150 / 16)), (fx, fy));
    }

    internal static PreparationSpec Spec(int width, int height, int channels) => new() { Width = width, Height = height, Channels = channels };

    /// <summary>Against OpenCV's own rounding (within 1) and, before rounding, against OpenCV in floating point (within 0.5; really far less).</summary>
    private static void AssertAgrees(byte[] pixels, int width, int height, int channels, int outWidth, int outHeight)
    {
        var preparer = new Preparer(Spec(outWidth, outHeight, channels));
        var tensor = new byte[outWidth * outHeight * channels];
        _ = preparer.Run(pixels, width, height, channels, tensor);
        var unrounded = preparer.Unrounded(pixels, width, height, channels, new PixelBox(0, 0, width, height));

        using var bytes = Mat.FromPixelData(height, width, channels == 1 ? MatType.CV_8UC1 : MatType.CV_8UC3, pixels);
        using var floats = new Mat();
        bytes.ConvertTo(floats, channels == 1 ? MatType.CV_32FC1 : MatType.CV_32FC3);
        using var exact = Resize(floats, outWidth, outHeight);
        using var continuous = exact.Reshape(1, 1);
        Assert.True(continuous.GetArray(out float[] reference));

        var (worst, worstByte) = (0.0, 0);
        for (var i = 0; i < reference.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(reference[i] - unrounded[i]));
            worstByte = Math.Max(worstByte, Math.Abs((int)Math.Round(reference[i]) - tensor[i]));
        }

        var what = $"{width} x {height} x {channels} -> {outWidth} x {outHeight}: off by {worst} before rounding, {worstByte} after";
        Assert.True(worst < 0.5, what);
        Assert.True(worstByte <= 1, what);

        using var rounded = Resize(bytes, outWidth, outHeight);
        using var flat = rounded.Reshape(1, 1);
        Assert.True(flat.GetArray(out byte[] theirs));
        Assert.True(theirs.Zip(tensor, (a, b) => Math.Abs(a - b)).Max() <= 1, what);
    }

    /// <summary>Area along an axis that shrinks, linear along one that grows; OpenCV's area mode needs both to shrink, so each axis is one call.</summary>
    private static Mat Resize(Mat source, int width, int height)
    {
        var (sourceWidth, sourceHeight) = (source.Width, source.Height);
        if ((width <= sourceWidth) == (height <= sourceHeight))
        {
            return source.Resize(new Size(width, height), 0, 0, width <= sourceWidth ? InterpolationFlags.Area : InterpolationFlags.Linear);
        }

        using var down = source.Resize(new Size(sourceWidth, height), 0, 0, height <= sourceHeight ? InterpolationFlags.Area : InterpolationFlags.Linear);
        return down.Resize(new Size(width, height), 0, 0, width <= sourceWidth ? InterpolationFlags.Area : InterpolationFlags.Linear);
    }
}
