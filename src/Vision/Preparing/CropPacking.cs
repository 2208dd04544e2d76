using Inspection.Protocol;
using Inspection.Vision.Frames;

namespace Inspection.Vision.Preparing;

/// <summary>
/// Cuts regions out of a frame for a verifier on another node (rule W6): one behind the other, each [h, w, channels] with rows packed, and
/// what the preparation masks is 0, so that nothing masked leaves the node (rule S8). <see cref="Preparer.RunCrop"/> reads them.
/// </summary>
public static class CropPacking
{
    /// <summary>The region as it is cut: shifted, and where larger than the frame cut, to lie inside.</summary>
    public static PixelBox Cut(FrameSlot slot, PixelBox region) => FrameRegions.Inside(region, slot.Width, slot.Height);

    /// <summary>Bytes that <see cref="Pack"/> writes.</summary>
    public static int Length(FrameSlot slot, ReadOnlySpan<PixelBox> regions)
    {
        var length = 0;
        foreach (var region in regions)
        {
            var box = Cut(slot, region);
            length = checked(length + (box.Width * box.Height * slot.Channels));
        }

        return length;
    }

    /// <param name="slot">Holds the frame.</param>
    /// <param name="masks">The verifier's, in fractions of the frame.</param>
    /// <param name="crops">At least <see cref="Length"/> bytes.</param>
    public static void Pack(FrameSlot slot, ReadOnlySpan<PixelBox> regions, ReadOnlySpan<FractionBox> masks, Span<byte> crops)
    {
        foreach (var region in regions)
        {
            var box = Cut(slot, region);
            var row = box.Width * slot.Channels;
            for (var y = box.Y; y < box.Y + box.Height; y++)
            {
                var target = crops[..row];
                slot.Pixels.Slice(((y * slot.Width) + box.X) * slot.Channels, row).CopyTo(target);
                foreach (var fractions in masks)
                {
                    Hide(FrameRegions.Mask(fractions, slot.Width, slot.Height), box, y, slot.Channels, target);
                }

                crops = crops[row..];
            }
        }
    }

    private static void Hide(PixelBox mask, PixelBox box, int y, int channels, Span<byte> row)
    {
        var from = Math.Max(mask.X, box.X);
        var to = Math.Min(mask.X + mask.Width, box.X + box.Width);
        if (y >= mask.Y && y < mask.Y + mask.Height && from < to)
        {
            row[((from - box.X) * channels)..((to - box.X) * channels)].Clear();
        }
    }
}
