using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing.Aligning;

namespace Inspection.Vision.Preparing;

/// <summary>
/// Rule S8: a frame to the model's uint8 tensor [Height, Width, Channels] in one pass that writes every byte of the tensor once: regions
/// masked, cropped, resized (area when shrinking, bilinear when enlarging), grey and RGB converted; or, with alignment, turned. Holds the
/// coefficient tables of the last frame size, so a steady stream allocates nothing. One thread at a time.
/// </summary>
public sealed unsafe class Preparer
{
    private readonly Resampler _resampler;
    private readonly PixelBox[] _masks;
    private readonly PartFinder? _finder;
    private readonly FrameAspects? _aspects;

    public Preparer(PreparationSpec spec)
    {
        Spec = PreparationCheck.Require(spec);
        _resampler = new Resampler(spec.Width, spec.Height, spec.Channels);
        _masks = new PixelBox[spec.Masks.Count];
        _finder = spec.Alignment == Alignment.Axis ? new PartFinder() : null;
        _aspects = spec.Aspect == AspectRule.Frame ? new FrameAspects(spec) : null;
    }

    public PreparationSpec Spec { get; }

    /// <summary>Prepares the slot's frame into the slot's tensor and notes the geometry in the slot.</summary>
    public PreparedGeometry Run(FrameSlot slot) => slot.Geometry = Run(slot.Pixels, slot.Width, slot.Height, slot.Channels, slot.Tensor);

    /// <param name="pixels">[height, width, channels] uint8, rows packed.</param>
    /// <param name="tensor">At least Spec.TensorLength bytes.</param>
    public PreparedGeometry Run(ReadOnlySpan<byte> pixels, int width, int height, int channels, Span<byte> tensor)
    {
        if (_aspects is not null)
        {
            return _aspects.Run(pixels, width, height, channels, tensor);
        }

        var box = FrameRegions.Crop(Spec.Crop, width, height);
        if (_finder is null)
        {
            return Resize(pixels, width, height, channels, box, tensor);
        }

        PlaceMasks(width, height);
        var outcome = _finder.Find(pixels, width, height, channels, box, _masks, out var pose);
        if (outcome != AlignmentOutcome.Aligned)
        {
            return Resize(pixels, width, height, channels, box, tensor) with { Outcome = outcome };
        }

        var map = AlignedMap.Of(pose, Spec.Width, Spec.Height);
        Warp.Run(pixels, width, channels, box, _masks, map, Spec, tensor[..Spec.TensorLength]);
        return new PreparedGeometry(width, height, Spec.Width, Spec.Height, map, outcome);
    }

    /// <summary>
    /// The same for a box of the frame, as it lies, instead of the recipe's crop and alignment: what a verifier looks at. The box is shifted
    /// (and where it is larger than the frame, cut) to lie inside the frame; nothing is made up around it. Masks hold here too.
    /// </summary>
    public PreparedGeometry RunRegion(ReadOnlySpan<byte> pixels, int width, int height, int channels, PixelBox region, Span<byte> tensor) =>
        Resize(pixels, width, height, channels, FrameRegions.Inside(region, width, height), tensor);

    /// <summary>
    /// What <see cref="RunRegion"/> writes, bit for bit, from a crop of the region whose masked pixels are 0 already
    /// (<see cref="CropPacking"/>): the same taps over the same values in the same order, and a pixel of 0 adds what a masked one does.
    /// </summary>
    /// <param name="crop">[height, width, channels] uint8, rows packed.</param>
    public void RunCrop(ReadOnlySpan<byte> crop, int width, int height, int channels, Span<byte> tensor)
    {
        PreparationCheck.RequireFrame(crop.Length, width, height, channels);
        _resampler.Configure(width, channels, new PixelBox(0, 0, width, height), []);
        Write(crop, tensor);
    }

    /// <summary>What Run would write, before rounding: [Height, Width, 1 or 3].</summary>
    internal float[] Unrounded(ReadOnlySpan<byte> pixels, int width, int height, int channels, PixelBox box)
    {
        Configure(pixels, width, height, channels, box);
        var values = new List<float>();
        fixed (byte* start = pixels)
        {
            for (var y = 0; y < Spec.Height; y++)
            {
                values.AddRange(_resampler.Row(start, y));
            }
        }

        return [.. values];
    }

    private PreparedGeometry Resize(ReadOnlySpan<byte> pixels, int width, int height, int channels, PixelBox box, Span<byte> tensor)
    {
        Configure(pixels, width, height, channels, box);
        Write(pixels, tensor);
        return PreparedGeometry.OfBox(width, height, box, Spec.Width, Spec.Height);
    }

    private void Write(ReadOnlySpan<byte> pixels, Span<byte> tensor)
    {
        var row = Spec.Width * Spec.Channels;
        var target = tensor[..Spec.TensorLength];
        fixed (byte* start = pixels)
        {
            for (var y = 0; y < Spec.Height; y++)
            {
                TensorRow.Write(_resampler.Row(start, y), target.Slice(y * row, row));
            }
        }
    }

    private void Configure(ReadOnlySpan<byte> pixels, int width, int height, int channels, PixelBox box)
    {
        PreparationCheck.RequireFrame(pixels.Length, width, height, channels);
        PlaceMasks(width, height);
        _resampler.Configure(width, channels, box, _masks);
    }

    private void PlaceMasks(int width, int height)
    {
        for (var i = 0; i < _masks.Length; i++)
        {
            _masks[i] = FrameRegions.Mask(Spec.Masks[i], width, height);
        }
    }
}
