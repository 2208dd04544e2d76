using OpenCvSharp;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>Another opinion on what a file shows, and another writer of files: OpenCV, with libraries of its own.</summary>
internal static class OtherDecoder
{
    /// <summary>The pixels as they are stored, or null where it shows nothing.</summary>
    public static (int Width, int Height, byte[] Pixels)? Read(byte[] file)
    {
        try
        {
            using var read = file.Length == 0 ? new Mat() : Cv2.ImDecode(file, ImreadModes.Color | ImreadModes.IgnoreOrientation);
            if (read.Empty())
            {
                return null;
            }

            using var whole = read.IsContinuous() ? read.Clone() : read.Reshape(0);
            var pixels = new byte[whole.Total() * whole.ElemSize()];
            System.Runtime.InteropServices.Marshal.Copy(whole.Data, pixels, 0, pixels.Length);
            return (whole.Width, whole.Height, pixels);
        }
        catch (OpenCVException)
        {
            return null;
        }
    }

    /// <summary>The same picture in another format.</summary>
    public static byte[] Again(byte[] file, string extension, bool colour = false, params ImageEncodingParam[] how)
    {
        using var read = Cv2.ImDecode(file, colour ? ImreadModes.Color : ImreadModes.Grayscale);
        return read.ToBytes(extension, how);
    }

    /// <summary>The same picture in another size, as PNG.</summary>
    public static byte[] Resized(byte[] file, int width, int height)
    {
        using var read = Cv2.ImDecode(file, ImreadModes.Grayscale);
        using var resized = read.Resize(new Size(width, height), interpolation: InterpolationFlags.Area);
        return resized.ToBytes(".png");
    }
}
