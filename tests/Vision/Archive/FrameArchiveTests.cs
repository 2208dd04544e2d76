using Inspection.Protocol;
using Inspection.Vision.Archive;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing;

namespace Inspection.Vision.Tests.Archive;

/// <summary>Rule J10: what is archived is what the model saw, to the bit, and nothing else has its name.</summary>
public sealed class FrameArchiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inspection-frames-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_frame_comes_back_from_spool_and_archive_with_its_masked_pixels_black(int channels)
    {
        var (frame, raw, pixels) = Copied(channels, [new FractionBox(0.25, 0.5, 0.25, 0.5)]);
        var spool = new FrameSpool(Path.Combine(_folder.FullName, "spool"));
        spool.Write(frame, raw);
        var archive = new FrameArchive(_folder.FullName);
        archive.Write(frame, spool.Read(frame).ToFile());
        spool.Drop(frame);

        var back = archive.TryRead(frame)!;
        Assert.Equal((Width, Height, channels, frame), (back.Width, back.Height, back.Channels, back.Digest));
        Assert.Equal(pixels, back.Pixels);
        Assert.Equal(0, back.Pixels[((7 * Width) + 5) * channels]);
        Assert.NotEqual(0, back.Pixels[((7 * Width) + 1) * channels]);
        Assert.Equal([frame], archive.All());
        Assert.True(archive.Erase(frame));
        Assert.Null(archive.TryRead(frame));
        Assert.False(archive.Erase(frame));
    }

    [Fact]
    public void Equal_pictures_have_different_names_so_that_none_can_be_guessed_from_a_record()
    {
        Assert.NotEqual(Copied(1, []).Frame, Copied(1, []).Frame);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("salt")]
    [InlineData("picture")]
    [InlineData("empty")]
    [InlineData("text")]
    public void What_is_not_the_frame_is_refused_in_words(string how)
    {
        var (frame, _, pixels) = Copied(1, []);
        var (other, otherRaw, _) = Copied(3, []);
        var spool = new FrameSpool(Path.Combine(_folder.FullName, "spool"));
        spool.Write(other, otherRaw);
        var good = new ArchivedFrame(Width, Height, 1, new byte[ArchivedFrame.SaltLength], pixels).ToFile();
        var archive = new FrameArchive(_folder.FullName);
        archive.Write(frame, how switch
        {
            "cut" => good[..^20],
            "salt" => [.. good[..^1], 1],
            "picture" => spool.Read(other).ToFile(),
            "empty" => [],
            _ => "no picture at all, but long enough to hold a salt of thirty-two bytes"u8.ToArray(),
        });
        Assert.Contains(archive.PathOf(frame), Assert.Throws<FrameArchiveException>(() => archive.TryRead(frame)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spool_finds_whole_frames_of_an_earlier_life_and_forgets_halves()
    {
        var (frame, raw, _) = Copied(1, []);
        var path = Path.Combine(_folder.FullName, "spool");
        new FrameSpool(path).Write(frame, raw);
        File.WriteAllBytes(Path.Combine(path, new string('a', 64) + ".raw.part"), raw[..10]);
        Assert.Equal([frame], new FrameSpool(path).Left());
        Assert.Single(Directory.EnumerateFiles(path));

        File.WriteAllBytes(Path.Combine(path, frame + ".raw"), raw[..^1]);
        Assert.Contains("not whole", Assert.Throws<FrameArchiveException>(() => new FrameSpool(path).Read(frame)).Message, StringComparison.Ordinal);
    }

    private const int Width = 16;
    private const int Height = 12;

    private static (Digest Frame, byte[] Raw, byte[] Pixels) Copied(int channels, FractionBox[] masks)
    {
        using var ring = new FrameRing(1, Width * Height * channels, 16);
        _ = ring.TryRent(out var slot);
        for (var i = 0; i < Width * Height * channels; i++)
        {
            slot.PixelRoom[i] = (byte)((i * 7 % 255) + 1);
        }

        slot.SetShape(Width, Height, channels);
        using var copy = new FrameCopy();
        var (frame, raw) = copy.Of(slot, masks);
        var bytes = raw.ToArray();
        return (frame, bytes, bytes[^(Width * Height * channels)..]);
    }
}
