using System.Buffers.Binary;
using System.Text;
using Inspection.Vision.Imaging;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Imaging;

public sealed class ImageDecoderTests : IDisposable
{
    private readonly ImageDecoder _decoder = new();

    [Theory]
    [InlineData(".png", 1)]
    [InlineData(".png", 3)]
    [InlineData(".bmp", 1)]
    [InlineData(".bmp", 3)]
    [InlineData(".tiff", 1)]
    [InlineData(".tiff", 3)]
    public void A_lossless_file_gives_back_its_pixels_exactly(string extension, int channels)
    {
        foreach (var (width, height) in new[] { (1, 1), (5, 3), (64, 48), (333, 77) })
        {
            var pixels = TestPictures.Waves(width, height, channels);
            var file = TestPictures.Encode(extension, pixels, width, height, channels);
            var decoded = new byte[pixels.Length];
            var result = _decoder.Decode(file, decoded);
            Assert.Equal("", result.Detail);
            Assert.Equal((width, height, channels, 8), (result.Header.Width, result.Header.Height, result.Header.Channels, result.Header.BitsPerSample));
            Assert.Equal(pixels, decoded);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_jpeg_decodes_within_rounding_of_another_decoder(int channels)
    {
        var file = TestPictures.Encode(".jpg", TestPictures.Waves(121, 83, channels), 121, 83, channels);
        var decoded = new byte[121 * 83 * channels];
        Assert.Equal("", _decoder.Decode(file, decoded).Detail);
        using var reference = Cv2.ImDecode(file, channels == 1 ? ImreadModes.Grayscale : ImreadModes.Color);
        Assert.True(TestPictures.ToPixels(reference).Zip(decoded, (a, b) => Math.Abs(a - b)).Max() <= 3);
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".bmp")]
    [InlineData(".tiff")]
    public void A_file_cut_off_anywhere_is_unreadable_and_never_half_grey(string extension)
    {
        foreach (var channels in new[] { 1, 3 })
        {
            var file = TestPictures.Encode(extension, TestPictures.Waves(90, 70, channels), 90, 70, channels);
            var room = new byte[90 * 70 * channels];
            Assert.Equal("", _decoder.Decode(file, room).Detail);
            for (var length = 0; length < file.Length; length += Math.Max(1, file.Length / 211))
            {
                var result = _decoder.Decode(file.AsSpan(0, length), room);
                Assert.False(result.IsDecoded, $"{extension} x{channels} cut to {length} of {file.Length} bytes was decoded");
                Assert.NotEqual("", result.Detail);
            }

            Assert.False(_decoder.Decode(file.AsSpan(0, file.Length - 1), room).IsDecoded);
        }
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".bmp")]
    [InlineData(".tiff")]
    public void Flipped_bytes_give_a_value_and_never_an_exception(string extension)
    {
        var file = TestPictures.Encode(extension, TestPictures.Waves(60, 40, 3), 60, 40, 3);
        var room = new byte[60 * 40 * 3];
        var random = new Random(7);
        for (var i = 0; i < 400; i++)
        {
            var broken = (byte[])file.Clone();
            for (var flips = random.Next(1, 8); flips > 0; flips--)
            {
                broken[random.Next(i % 2 == 0 ? Math.Min(200, file.Length) : file.Length)] = (byte)random.Next(256);
            }

            var result = _decoder.Decode(broken, room);
            Assert.Equal(result.IsDecoded, result.Detail.Length == 0);
        }
    }

    [Fact]
    public void Empty_and_foreign_files_are_no_images()
    {
        Assert.Equal(DecodeStatus.NotAnImage, _decoder.Decode([], new byte[16]).Status);
        Assert.Contains("empty", _decoder.Decode([], new byte[16]).Detail, StringComparison.Ordinal);
        foreach (var text in new[] { "x", "hello, this is text", "GIF89a\u0001\u0000\u0001\u0000", "%PDF-1.7\n%abc" })
        {
            Assert.Equal(DecodeStatus.NotAnImage, _decoder.Decode(Encoding.Latin1.GetBytes(text), new byte[16]).Status);
        }
    }

    [Fact]
    public void A_polyglot_is_what_its_first_bytes_say()
    {
        var pixels = TestPictures.Waves(20, 10, 1);
        var png = TestPictures.Encode(".png", pixels, 20, 10, 1);
        var room = new byte[200];
        byte[] pngThenZip = [.. png, .. "PK\u0003\u0004 and more"u8];
        Assert.True(_decoder.Decode(pngThenZip, room).IsDecoded);
        Assert.Equal(pixels, room);
        byte[] zipThenPng = [.. "PK\u0003\u0004"u8, .. png];
        Assert.Equal(DecodeStatus.NotAnImage, _decoder.Decode(zipThenPng, room).Status);
    }

    [Theory]
    [InlineData(20_000, 20_000)]
    [InlineData(2_000_000_000, 1)]
    [InlineData(40_000, 10)]
    public void A_huge_image_is_refused_from_its_header(int width, int height)
    {
        var result = _decoder.Decode(PngHeaderOnly(width, height), []);
        Assert.Equal(DecodeStatus.TooLarge, result.Status);
        Assert.Contains("refused from its header", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_without_pixels_is_refused()
    {
        Assert.Contains("0 x 0", _decoder.Decode(PngHeaderOnly(0, 0), []).Detail, StringComparison.Ordinal);
        var bmp = TestPictures.Encode(".bmp", TestPictures.Waves(4, 4, 3), 4, 4, 3);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 0);
        Assert.Contains("0 x 4", _decoder.Decode(bmp, new byte[48]).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_larger_than_the_room_is_refused_and_says_both_sizes()
    {
        var file = TestPictures.Encode(".png", TestPictures.Waves(40, 30, 3), 40, 30, 3);
        var result = _decoder.Decode(file, new byte[(40 * 30 * 3) - 1]);
        Assert.Equal(DecodeStatus.TooLarge, result.Status);
        Assert.Contains("3600", result.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".png")]
    [InlineData(".tiff")]
    public void Sixteen_bits_decode_to_the_high_byte_and_a_camera_has_a_reason_to_refuse_them(string extension)
    {
        var deep = new ushort[30 * 20];
        for (var i = 0; i < deep.Length; i++)
        {
            deep[i] = (ushort)((i * 107) & 0xFFFF);
        }

        using var mat = Mat.FromPixelData(20, 30, MatType.CV_16UC1, deep);
        var room = new byte[deep.Length];
        var result = _decoder.Decode(mat.ToBytes(extension), room);
        Assert.Equal("", result.Detail);
        Assert.Equal(16, result.Header.BitsPerSample);
        Assert.Equal(deep.Select(v => (byte)(v >> 8)), room);
        Assert.StartsWith("16 bits per sample:", ImageDecoder.DepthRefusal(result.Header), StringComparison.Ordinal);
    }

    [Fact]
    public void Cmyk_is_recognised_from_the_header_and_refused()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0, 20, 8, 0, 16, 0, 16, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0];
        var result = _decoder.Decode(jpeg, new byte[768]);
        Assert.Equal((DecodeStatus.Unsupported, ColourModel.Cmyk), (result.Status, result.Header.Colour));
        Assert.StartsWith("CMYK", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_a_problem_in_words()
    {
        var missing = Path.Combine(Path.GetTempPath(), $"none-{Guid.NewGuid():N}.png");
        Assert.Null(_decoder.ReadFile(missing, out var problem));
        Assert.Contains(missing, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_the_encoder_writes_the_decoder_reads_back(int channels)
    {
        var pixels = TestPictures.Noise(51, 37, channels, 5);
        var room = new byte[pixels.Length];
        var result = _decoder.Decode(ImageEncoder.Png(pixels, 51, 37, channels), room);
        Assert.Equal(channels, result.Header.Channels);
        Assert.Equal(pixels, room);
    }

    [Fact]
    public void Decoding_again_and_again_allocates_little_managed_memory()
    {
        var file = TestPictures.Encode(".jpg", TestPictures.Waves(640, 480, 3), 640, 480, 3);
        var room = new byte[640 * 480 * 3];
        for (var i = 0; i < 20; i++)
        {
            Assert.True(_decoder.Decode(file, room).IsDecoded);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            _ = _decoder.Decode(file, room);
        }

        var perDecode = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.True(perDecode <= 1024, $"{perDecode} managed bytes a decode");
    }

    public void Dispose() => _decoder.Dispose();

    /// <summary>A PNG header with a sound checksum, and nothing behind it.</summary>
    private static byte[] PngHeaderOnly(int width, int height)
    {
        byte[] file = [0x89, .. "PNG\r\n\u001A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
        var crc = uint.MaxValue;
        foreach (var b in file.AsSpan(12, 17))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), ~crc);
        return file;
    }
}
