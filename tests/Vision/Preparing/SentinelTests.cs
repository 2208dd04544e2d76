using Inspection.Vision.Cameras;
using Inspection.Vision.Cameras.Synthetic;
using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Preparing;

public sealed class SentinelTests
{
    private const int Width = 320;
    private const int Height = 320;
    private readonly byte[] _frame = new byte[Width * Height];
    private readonly SyntheticLine _line = new(new SyntheticOptions { DefectRate = 0 });

    public SentinelTests() => _line.Draw(1, 0, _frame, []);

    [Theory]
    [InlineData("magnetic_tile")]
    [InlineData("screw")]
    [InlineData("solar_mono")]
    public void The_defaults_never_fire_on_real_parts(string set)
    {
        var sentinel = new Sentinel(new SentinelOptions());
        using var decoder = new ImageDecoder();
        var folder = SharedData.Folder($"data/{set}");
        foreach (var id in new FolderParts(folder).Ids.Where(i => !i.StartsWith("ground_truth/", StringComparison.Ordinal)))
        {
            var image = decoder.ReadFile(Path.Combine(folder, id), out var problem);
            Assert.True(image is not null, problem);
            var verdict = sentinel.Check(image.Pixels, image.Width, image.Height, image.Channels);
            Assert.True(verdict.IsInspectable, $"{id}: {verdict.Detail}");
        }
    }

    [Fact]
    public void The_defaults_never_fire_on_synthetic_parts()
    {
        var sentinel = new Sentinel(new SentinelOptions { FrozenAfter = 2 });
        var line = new SyntheticLine(new SyntheticOptions { DefectRate = 0.5, Cameras = 2, Designs = [PartDesign.Plate, PartDesign.Disc] });
        for (var i = 1; i <= 100; i++)
        {
            line.Draw(i, i % 2, _frame, []);
            Assert.Equal("", sentinel.Check(_frame, Width, Height, 1).Detail);
        }
    }

    [Fact]
    public void A_closed_lens_is_black_and_a_failed_exposure_is_blown()
    {
        var random = new Random(1);
        Assert.Equal(SentinelFinding.Black, Check(Filled(() => random.Next(0, 7))));
        Assert.Equal(SentinelFinding.Blown, Check(Filled(() => random.Next(252, 256))));
        Assert.Equal(SentinelFinding.None, Check(Filled(() => random.Next(0, 60))));
    }

    [Fact]
    public void A_transfer_cut_off_leaves_a_flat_end_and_is_truncated()
    {
        foreach (var value in new byte[] { 0, 128 })
        {
            var cut = (byte[])_frame.Clone();
            cut.AsSpan(Width * (Height * 9 / 10)).Fill(value);
            Assert.Equal(SentinelFinding.Truncated, Check(cut));
        }
    }

    [Fact]
    public void A_lens_out_of_focus_is_blurred()
    {
        using var sharp = Mat.FromPixelData(Height, Width, MatType.CV_8UC1, _frame);
        var sentinel = new Sentinel(new SentinelOptions { MinSharpness = 0.5 * new Sentinel(new SentinelOptions()).Read(_frame, Width, Height, 1).Sharpness });
        Assert.Equal(SentinelFinding.None, sentinel.Check(_frame, Width, Height, 1).Finding);
        foreach (var sigma in new[] { 4, 9, 20 })
        {
            using var blurred = sharp.GaussianBlur(new Size(0, 0), sigma);
            Assert.Equal(SentinelFinding.Blurred, sentinel.Check(TestPictures.ToPixels(blurred), Width, Height, 1).Finding);
        }
    }

    [Fact]
    public void A_picture_of_nothing_but_a_slope_is_blurred_by_default()
    {
        var at = 0;
        Assert.Equal(SentinelFinding.Blurred, Check(Filled(() => 10 + Math.Min(at % Width, Width - 1 - (at++ % Width)))));
    }

    [Fact]
    public void Another_size_than_expected_is_wrong()
    {
        var sentinel = new Sentinel(new SentinelOptions { ExpectedWidth = Width, ExpectedHeight = Height + 1 });
        var verdict = sentinel.Check(_frame, Width, Height, 1);
        Assert.Equal(SentinelFinding.WrongSize, verdict.Finding);
        Assert.Contains("320 x 320, expected 320 x 321", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_frame_again_and_again_is_frozen_only_where_that_is_asked_for()
    {
        var asked = new Sentinel(new SentinelOptions { FrozenAfter = 2 });
        var findings = Enumerable.Range(0, 4).Select(_ => asked.Check(_frame, Width, Height, 1).Finding).ToList();
        Assert.Equal([SentinelFinding.None, SentinelFinding.None, SentinelFinding.Frozen, SentinelFinding.Frozen], findings);

        _line.Draw(2, 0, _frame, []);
        Assert.Equal(SentinelFinding.None, asked.Check(_frame, Width, Height, 1).Finding);

        var unasked = new Sentinel(new SentinelOptions());
        Assert.All(Enumerable.Range(0, 9), _ => Assert.Equal(SentinelFinding.None, unasked.Check(_frame, Width, Height, 1).Finding));
    }

    [Fact]
    public void A_good_frame_costs_no_managed_memory()
    {
        var sentinel = new Sentinel(new SentinelOptions { FrozenAfter = 2 });
        var other = (byte[])_frame.Clone();
        _line.Draw(2, 0, other, []);
        _ = sentinel.Check(_frame, Width, Height, 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = sentinel.Check(i % 2 == 0 ? other : _frame, Width, Height, 1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Senseless_limits_are_refused_by_name()
    {
        Assert.Contains("sentinel.blown_level", Assert.Throws<ArgumentException>(() => new Sentinel(new SentinelOptions { BlownLevel = 300 })).Message, StringComparison.Ordinal);
        Assert.Contains("sentinel.frozen_after", Assert.Throws<ArgumentException>(() => new Sentinel(new SentinelOptions { FrozenAfter = -1 })).Message, StringComparison.Ordinal);
    }

    private static byte[] Filled(Func<int> value)
    {
        var frame = new byte[Width * Height];
        for (var i = 0; i < frame.Length; i++)
        {
            frame[i] = (byte)value();
        }

        return frame;
    }

    private static SentinelFinding Check(byte[] frame)
    {
        var verdict = new Sentinel(new SentinelOptions()).Check(frame, Width, Height, 1);
        Assert.Equal(verdict.IsInspectable, verdict.Detail.Length == 0);
        return verdict.Finding;
    }
}
