using Inspection.Protocol;

namespace Inspection.Vision.Preparing;

/// <summary>Fractions of a frame to its pixels, and boxes into the frame.</summary>
public static class FrameRegions
{
    /// <summary>
    /// A masked region in pixels, rounded outwards: what a person asked to hide is hidden entirely. Clipped to the frame; empty (zero width
    /// or height) where it lies outside.
    /// </summary>
    public static PixelBox Mask(FractionBox box, int width, int height)
    {
        var (left, top) = (Math.Clamp((int)Math.Floor(box.X * width), 0, width), Math.Clamp((int)Math.Floor(box.Y * height), 0, height));
        var right = Math.Clamp((int)Math.Ceiling((box.X + box.Width) * width), left, width);
        var bottom = Math.Clamp((int)Math.Ceiling((box.Y + box.Height) * height), top, height);
        return new PixelBox(left, top, right - left, bottom - top);
    }

    /// <summary>A crop in pixels, rounded to the nearest, at least one pixel, within the frame; null is the whole frame.</summary>
    public static PixelBox Crop(FractionBox? box, int width, int height)
    {
        if (box is not { } crop)
        {
            return new PixelBox(0, 0, width, height);
        }

        var (left, top) = ((int)Math.Round(crop.X * width), (int)Math.Round(crop.Y * height));
        var (right, bottom) = ((int)Math.Round((crop.X + crop.Width) * width), (int)Math.Round((crop.Y + crop.Height) * height));
        return Inside(new PixelBox(left, top, right - left, bottom - top), width, height);
    }

    /// <summary>The box shifted, and where it is larger than the frame also cut, so that it lies in the frame; at least one pixel.</summary>
    public static PixelBox Inside(PixelBox box, int width, int height)
    {
        var (w, h) = (Math.Clamp(box.Width, 1, width), Math.Clamp(box.Height, 1, height));
        return new PixelBox(Math.Clamp(box.X, 0, width - w), Math.Clamp(box.Y, 0, height - h), w, h);
    }
}
