using Inspection.Vision.Cameras;
using Inspection.Vision.Frames;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Cameras;

public sealed class FolderCameraTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-").FullName;
    private readonly FrameRing _ring = new(1, 100 * 100 * 3, 16);
    private readonly FrameSlot _slot;

    public FolderCameraTests() => Assert.True(_ring.TryRent(out _slot!));

    [Fact]
    public void Parts_are_the_images_below_the_folder_in_the_order_of_their_ids()
    {
        foreach (var name in new[] { "b.png", "a/z.JPG", "a/B.Tiff", "a.bmp", "Z.jpeg", "a/deep/er/c.tif", "notes.txt", "a/mask.gif", "png" })
        {
            Write(name, [1]);
        }

        var parts = new FolderParts(_folder);
        Assert.Equal(["Z.jpeg", "a.bmp", "a/B.Tiff", "a/deep/er/c.tif", "a/z.JPG", "b.png"], parts.Ids);

        var (at, walked) = ("", new List<string>());
        while (parts.NextAfter(at) is { } next)
        {
            Assert.Equal(parts.Ids.Count - walked.Count, parts.CountAfter(at));
            walked.Add(at = next);
        }

        Assert.Equal(parts.Ids, walked);
        Assert.Equal(0, parts.CountAfter(at));
    }

    [Fact]
    public void A_run_resumes_after_an_id_whose_file_is_gone()
    {
        foreach (var name in new[] { "1.png", "3.png", "5.png" })
        {
            Write(name, [1]);
        }

        var parts = new FolderParts(_folder);
        Assert.Equal("3.png", parts.NextAfter("2.png"));
        Assert.Equal(2, parts.CountAfter("2.png"));
        Assert.Null(parts.NextAfter("9.png"));
    }

    [Fact]
    public void A_folder_without_images_says_what_it_saw_and_what_it_wants()
    {
        Assert.Contains("no files at all", Setup(() => new FolderParts(_folder)), StringComparison.Ordinal);
        Write("readme.md", [1]);
        Assert.Contains("readme.md", Setup(() => new FolderParts(_folder)), StringComparison.Ordinal);
        Assert.Contains(".tiff", Setup(() => new FolderParts(_folder)), StringComparison.Ordinal);
        Assert.Contains("does not exist", Setup(() => new FolderParts(Path.Combine(_folder, "none"))), StringComparison.Ordinal);
        Assert.Contains("does not exist", Setup(() => new FolderCamera(Path.Combine(_folder, "none"))), StringComparison.Ordinal);
        Assert.Contains("is a file", Setup(() => new FolderParts(Path.Combine(_folder, "readme.md"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_of_links_ends()
    {
        Write("a/1.png", [1]);
        _ = Directory.CreateSymbolicLink(Path.Combine(_folder, "a", "up"), _folder);
        _ = Directory.CreateSymbolicLink(Path.Combine(_folder, "b"), Path.Combine(_folder, "a"));
        Assert.Equal("a/1.png", Assert.Single(new FolderParts(_folder).Ids));
    }

    [Theory]
    [InlineData(".png", 1)]
    [InlineData(".jpg", 3)]
    [InlineData(".bmp", 1)]
    [InlineData(".tiff", 3)]
    public void An_image_is_captured_into_the_slot_whatever_its_name_says(string format, int channels)
    {
        var pixels = TestPictures.Waves(60, 40, channels);
        Write("odd name.png", TestPictures.Encode(format, pixels, 60, 40, channels));
        using var camera = new FolderCamera(_folder);
        Assert.Equal(CaptureResult.Captured, camera.Capture("odd name.png", _slot));
        Assert.Equal((60, 40, channels), (_slot.Width, _slot.Height, _slot.Channels));
        if (format != ".jpg")
        {
            Assert.Equal(pixels, _slot.Pixels.ToArray());
        }
    }

    [Fact]
    public void Every_kind_of_bad_file_is_unreadable_with_its_name_and_a_reason()
    {
        var png = TestPictures.Encode(".png", TestPictures.Waves(60, 40, 1), 60, 40, 1);
        using var deep = new Mat(20, 30, MatType.CV_16UC1, new Scalar(4000));
        var bad = new Dictionary<string, (byte[] Bytes, string Reason)>
        {
            ["empty.png"] = ([], "empty"),
            ["cut.png"] = (png[..(png.Length / 2)], "cut off"),
            ["text.jpg"] = ("not an image"u8.ToArray(), "not a PNG"),
            ["deep.png"] = (deep.ToBytes(".png"), "16 bits per sample:"),
            ["large.png"] = (TestPictures.Encode(".png", TestPictures.Waves(300, 200, 1), 300, 200, 1), "60000 bytes"),
        };
        using var camera = new FolderCamera(_folder);
        foreach (var (name, (bytes, reason)) in bad)
        {
            Write(name, bytes);
            var result = camera.Capture(name, _slot);
            Assert.Equal(CaptureStatus.Unreadable, result.Status);
            Assert.StartsWith(name, result.Detail, StringComparison.Ordinal);
            Assert.Contains(reason, result.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_file_is_lost_and_a_folder_in_its_place_unreadable()
    {
        using var camera = new FolderCamera(_folder);
        Assert.Equal(CaptureStatus.Lost, camera.Capture("none.png", _slot).Status);
        Assert.Equal(CaptureStatus.Lost, camera.Capture("no/such/folder/none.png", _slot).Status);
        _ = Directory.CreateDirectory(Path.Combine(_folder, "dir.png"));
        Assert.Equal(CaptureStatus.Unreadable, camera.Capture("dir.png", _slot).Status);
    }

    [Fact]
    public void No_id_reaches_out_of_the_folder()
    {
        var outside = Path.Combine(Path.GetDirectoryName(_folder)!, $"{Path.GetFileName(_folder)}.png");
        File.WriteAllBytes(outside, TestPictures.Encode(".png", TestPictures.Waves(8, 8, 1), 8, 8, 1));
        try
        {
            _ = Directory.CreateDirectory(Path.Combine(_folder, "a"));
            using var camera = new FolderCamera(_folder);
            foreach (var id in new[] { $"../{Path.GetFileName(outside)}", $"a/../../{Path.GetFileName(outside)}", outside, "", ".", "a//b.png", "./x.png", "x\0.png" })
            {
                var result = camera.Capture(id, _slot);
                Assert.Equal(CaptureStatus.Lost, result.Status);
                Assert.Contains("names no file below", result.Detail, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(outside);
        }
    }

    public void Dispose()
    {
        _slot.Release();
        _ring.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Setup(Func<object> make) => Assert.Throws<CameraSetupException>(make).Message;

    private void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
