using Inspection.Vision.Imaging;
using OpenCvSharp;

namespace Inspection.Vision.Tests.Imaging;

/// <summary>shared/conformance/png: good files decode to the right size, 8-bit ones to OpenCV's pixels; names that begin with x are broken.</summary>
public sealed class PngSuiteTests
{
    public static TheoryData<string> Good => Names(broken: false);

    public static TheoryData<string> Broken => Names(broken: true);

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_file_decodes_to_the_pixels_that_another_decoder_finds(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(SharedData.Folder("conformance/png/png"), name));
        using var decoder = new ImageDecoder();
        var probe = decoder.Probe(bytes);
        Assert.Equal("", probe.Detail);
        var pixels = new byte[probe.Header.DecodedLength];
        var result = decoder.Decode(bytes, pixels);
        Assert.Equal("", result.Detail);

        var mode = result.Header.Channels == 1 ? ImreadModes.Grayscale : ImreadModes.Color;
        using var reference = Cv2.ImDecode(bytes, mode | ImreadModes.IgnoreOrientation);
        Assert.Equal((reference.Width, reference.Height), (result.Header.Width, result.Header.Height));
        if (result.Header.BitsPerSample <= 8)
        {
            Assert.Equal(TestPictures.ToPixels(reference), pixels);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_file_broken_on_purpose_is_refused_with_a_reason(string name)
    {
        using var decoder = new ImageDecoder();
        var result = decoder.Decode(File.ReadAllBytes(Path.Combine(SharedData.Folder("conformance/png/png"), name)), new byte[1 << 20]);
        Assert.NotEqual(DecodeStatus.Decoded, result.Status);
        Assert.NotEqual("", result.Detail);
    }

    [Fact]
    public void The_whole_suite_is_there() => Assert.Equal((161, 14), (Good.Count, Broken.Count));

    private static TheoryData<string> Names(bool broken)
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("conformance/png/png"), "*.png").Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(file).StartsWith('x') == broken)
            {
                data.Add(Path.GetFileName(file));
            }
        }

        return data;
    }
}
