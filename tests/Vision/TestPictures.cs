using OpenCvSharp;

namespace Inspection.Vision.Tests;

/// <summary>Small pictures with structure, and their bytes in the formats under test, written by OpenCV.</summary>
internal static class TestPictures
{
    /// <summary>Smooth waves with noise on top: [height, width, channels], the same for the same seed.</summary>
    public static byte[] Waves(int width, int height, int channels, int seed = 1)
    {
        var random = new Random(seed);
        var pixels = new byte[width * height * channels];
        var (fx, fy) = (0.02 + (random.NextDouble() * 0.2), 0.02 + (random.NextDouble() * 0.2));
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y, c) = (i / channels % width, i / channels / width, i % channels);
            var value = 128 + (70 * Math.Sin((fx * x) + c)) + (40 * Math.Cos(fy * y)) + random.Next(-15, 16);
            pixels[i] = (byte)Math.Clamp(value, 0, 255);
        }

        return pixels;
    }

    public static byte[] Noise(int width, int height, int channels, int seed)
    {
        var pixels = new byte[width * height * channels];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    /// <param name="pixels">RGB or grey.</param>
    public static byte[] Encode(string extension, byte[] pixels, int width, int height, int channels)
    {
        using var mat = ToMat(pixels, width, height, channels);
        return mat.ToBytes(extension);
    }

    /// <summary>In OpenCV's order: BGR.</summary>
    public static Mat ToMat(byte[] pixels, int width, int height, int channels)
    {
        using var view = Mat.FromPixelData(height, width, channels == 1 ? MatType.CV_8UC1 : MatType.CV_8UC3, pixels);
        return channels == 1 ? view.Clone() : view.CvtColor(ColorConversionCodes.RGB2BGR);
    }

    /// <summary>Grey or RGB bytes of an 8-bit image that OpenCV read.</summary>
    public static byte[] ToPixels(Mat mat)
    {
        using var rgb = mat.Channels() == 1 ? mat.Clone() : mat.CvtColor(ColorConversionCodes.BGR2RGB);
        var (row, height) = (rgb.Width * rgb.Channels(), rgb.Height);
        var pixels = new byte[row * height];
        for (var y = 0; y < height; y++)
        {
            System.Runtime.InteropServices.Marshal.Copy(rgb.Ptr(y), pixels, y * row, row);
        }

        return pixels;
    }
}
