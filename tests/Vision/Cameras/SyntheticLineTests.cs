using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Cameras.Synthetic;
using Inspection.Vision.Frames;
using Inspection.Vision.Imaging;

namespace Inspection.Vision.Tests.Cameras;

public sealed class SyntheticLineTests
{
    private static readonly SyntheticOptions ThreeCameras = new() { Width = 160, Height = 120, Cameras = 3, DefectRate = 0.4, Designs = [PartDesign.Plate, PartDesign.Disc] };

    /// <summary>Fixed once: a changed value means that stored part ids no longer name the same pictures.</summary>
    [Theory]
    [InlineData(1, 0, "687d98952e13")]
    [InlineData(2, 1, "d5d9c55eacfb")]
    public void The_same_part_is_the_same_picture_on_every_machine(long index, int camera, string digest)
    {
        var line = new SyntheticLine(new SyntheticOptions { Seed = 7, Cameras = 2, DefectRate = 1, Designs = [PartDesign.Plate, PartDesign.Disc] });
        var pixels = new byte[line.FrameLength];
        line.Draw(index, camera, pixels, []);
        Assert.Equal(digest, Digest.Of(pixels).Short);
    }

    [Fact]
    public void Two_lines_with_the_same_options_draw_the_same_and_another_seed_draws_others()
    {
        var (a, b, c) = (new SyntheticLine(ThreeCameras), new SyntheticLine(ThreeCameras), new SyntheticLine(ThreeCameras with { Seed = 2 }));
        var (first, second, third) = (new byte[a.FrameLength], new byte[a.FrameLength], new byte[a.FrameLength]);
        for (var i = 1; i < 20; i++)
        {
            a.Draw(i, i % 3, first, []);
            b.Draw(i, i % 3, second, []);
            c.Draw(i, i % 3, third, []);
            Assert.Equal(first, second);
            Assert.NotEqual(first, third);
            Assert.Equal(a.TruthOf(SyntheticLine.IdOf(i)), b.TruthOf(SyntheticLine.IdOf(i)));
        }
    }

    [Fact]
    public void The_truth_is_what_the_pictures_show()
    {
        var line = new SyntheticLine(ThreeCameras);
        var (good, drawn, mask) = (new byte[line.FrameLength], new byte[line.FrameLength], new byte[160 * 120]);
        var seen = new HashSet<string>();
        for (var i = 1; i <= 120; i++)
        {
            var truth = line.TruthOf(SyntheticLine.IdOf(i));
            _ = seen.Add(truth.Label);
            Assert.Equal(truth.IsGood, truth.SeenBy.Count == 0);
            for (var camera = 0; camera < 3; camera++)
            {
                mask.AsSpan().Clear();
                line.Draw(i, camera, null, 1, good, []);
                line.Draw(i, camera, drawn, mask);
                Assert.Equal(mask, line.MaskOf(SyntheticLine.IdOf(i), camera));
                if (!truth.SeenBy.Contains(camera))
                {
                    Assert.Equal(good, drawn);
                    Assert.Equal(-1, mask.AsSpan().IndexOfAnyExcept((byte)0));
                    continue;
                }

                AssertShown(good, drawn, mask, $"part {i}, {truth.Label}, camera {camera}");
            }
        }

        Assert.Equal(["chip", "crack", "good", "pit", "scratch", "stain"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void About_as_many_parts_are_bad_as_asked()
    {
        var line = new SyntheticLine(new SyntheticOptions { Width = 64, Height = 64, DefectRate = 0.1 });
        var bad = Enumerable.Range(1, 5000).Count(i => !line.TruthOf(SyntheticLine.IdOf(i)).IsGood);
        Assert.InRange(bad, 420, 580);
        var flawless = new SyntheticLine(new SyntheticOptions { Width = 64, Height = 64, DefectRate = 0 });
        Assert.All(Enumerable.Range(1, 500), i => Assert.True(flawless.TruthOf(SyntheticLine.IdOf(i)).IsGood));
    }

    [Fact]
    public void Good_parts_differ_in_pose_light_and_texture()
    {
        var line = new SyntheticLine(new SyntheticOptions { DefectRate = 0 });
        var means = new List<double>();
        var pictures = new HashSet<Digest>();
        var pixels = new byte[line.FrameLength];
        for (var i = 1; i <= 40; i++)
        {
            line.Draw(i, 0, pixels, []);
            means.Add(pixels.Average(v => (double)v));
            Assert.True(pictures.Add(Digest.Of(pixels)));
        }

        Assert.True(means.Max() - means.Min() > 10, "the light hardly changes");
    }

    [Fact]
    public void Colour_pictures_are_the_grey_ones_tinted()
    {
        var grey = new SyntheticLine(ThreeCameras);
        var colour = new SyntheticLine(ThreeCameras with { Channels = 3 });
        var (one, three) = (new byte[grey.FrameLength], new byte[colour.FrameLength]);
        grey.Draw(5, 1, one, []);
        colour.Draw(5, 1, three, []);
        Assert.Equal(one, three.Where((_, i) => i % 3 == 0));
        Assert.Contains(Enumerable.Range(0, one.Length), i => three[3 * i] != three[(3 * i) + 2]);
    }

    [Fact]
    public void The_source_counts_resumes_and_ends()
    {
        var parts = new SyntheticParts(new SyntheticOptions { Count = 3 });
        Assert.Equal("part-00000001", parts.NextAfter(""));
        Assert.Equal("part-00000003", parts.NextAfter("part-00000002"));
        Assert.Null(parts.NextAfter("part-00000003"));
        Assert.Equal((3, 1), (parts.CountAfter(""), parts.CountAfter("part-00000002")));

        var endless = new SyntheticParts(new SyntheticOptions());
        Assert.Equal("part-00012346", endless.NextAfter("part-00012345"));
        Assert.Null(endless.CountAfter(""));
        _ = Assert.Throws<ArgumentException>(() => endless.NextAfter("train/good/1.png"));
    }

    [Fact]
    public void A_camera_draws_into_the_slot_and_knows_what_it_does_not_have()
    {
        var line = new SyntheticLine(ThreeCameras with { Count = 10 });
        using var camera = new SyntheticCamera(line, 2);
        using var ring = new FrameRing(1, line.FrameLength, 16);
        Assert.True(ring.TryRent(out var slot));
        Assert.Equal(CaptureResult.Captured, camera.Capture("part-00000004", slot));
        var expected = new byte[line.FrameLength];
        line.Draw(4, 2, expected, []);
        Assert.Equal(expected, slot.Pixels.ToArray());

        Assert.Equal(CaptureStatus.Lost, camera.Capture("part-00000011", slot).Status);
        Assert.Equal(CaptureStatus.Lost, camera.Capture("../secret", slot).Status);
        using var small = new FrameRing(1, 16, 16);
        Assert.True(small.TryRent(out var tooSmall));
        Assert.Equal(CaptureStatus.Unreadable, camera.Capture("part-00000004", tooSmall).Status);
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => new SyntheticCamera(line, 3));
    }

    [Fact]
    public void A_steady_line_costs_no_managed_memory()
    {
        var line = new SyntheticLine(ThreeCameras with { DefectRate = 0.5 });
        var pixels = new byte[line.FrameLength];
        line.Draw(1, 0, pixels, []);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i <= 100; i++)
        {
            line.Draw(i, i % 3, pixels, []);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_data_set_has_the_usual_folders_and_masks_that_fit()
    {
        var folder = Directory.CreateTempSubdirectory("set-").FullName;
        try
        {
            SyntheticDataset.Write(folder, ThreeCameras, goodCount: 4, testGood: 3, perDefect: 2);
            Assert.Equal(4 + 3 + (2 * 5 * 2), new FolderParts(folder).Ids.Count);
            Assert.Equal(["good"], Directory.GetDirectories(Path.Combine(folder, "train")).Select(Path.GetFileName));
            Assert.Equal(["chip", "crack", "good", "pit", "scratch", "stain"], Directory.GetDirectories(Path.Combine(folder, "test")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            using var decoder = new ImageDecoder();
            foreach (var id in new FolderParts(Path.Combine(folder, "ground_truth")).Ids)
            {
                var mask = decoder.ReadFile(Path.Combine(folder, "ground_truth", id), out var problem);
                Assert.True(mask is not null, problem);
                Assert.Equal((160, 120, 1), (mask.Width, mask.Height, mask.Channels));
                Assert.Contains((byte)255, mask.Pixels);
                Assert.True(File.Exists(Path.Combine(folder, "test", id.Replace("_mask", "", StringComparison.Ordinal))), id);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Senseless_options_are_refused_by_name()
    {
        Assert.Contains("defect_rate", Assert.Throws<CameraSetupException>(() => new SyntheticLine(new SyntheticOptions { DefectRate = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("width", Assert.Throws<CameraSetupException>(() => new SyntheticParts(new SyntheticOptions { Width = 1 })).Message, StringComparison.Ordinal);
    }

    /// <summary>The mask marks something, and nothing changed far from what it marks.</summary>
    private static void AssertShown(byte[] good, byte[] drawn, byte[] mask, string what)
    {
        const int Softness = 8;
        Assert.True(mask.AsSpan().IndexOf((byte)255) >= 0, $"{what}: the mask is empty");
        for (var i = 0; i < good.Length; i++)
        {
            if (good[i] == drawn[i])
            {
                continue;
            }

            var (x, y) = (i % 160, i / 160);
            var near = false;
            for (var ny = Math.Max(0, y - Softness); ny <= Math.Min(119, y + Softness) && !near; ny++)
            {
                for (var nx = Math.Max(0, x - Softness); nx <= Math.Min(159, x + Softness) && !near; nx++)
                {
                    near = mask[(ny * 160) + nx] != 0;
                }
            }

            Assert.True(near, $"{what}: changed at ({x}, {y}), far from its mask");
        }
    }
}
