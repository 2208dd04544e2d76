using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Preparing;
using Xunit;

namespace Inspection.Nodes.Tests.DataPlane;

/// <summary>Rule W6: only crops travel, and a verifier far away sees the same bits as one here; rule S8: nothing masked travels.</summary>
public sealed class CropTests
{
    [Fact]
    public void A_packed_crop_prepares_to_the_same_bits_as_its_region_of_the_frame()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var (width, height, channels) = (random.Next(1, 180), random.Next(1, 180), random.Next(2) == 0 ? 1 : 3);
            using var ring = new FrameRing(1, width * height * channels, 1);
            Assert.True(ring.TryRent(out var slot));
            random.NextBytes(slot.PixelRoom);
            slot.SetShape(width, height, channels);
            var masks = Enumerable.Range(0, random.Next(4)).Select(_ => new FractionBox(random.NextDouble(), random.NextDouble(), random.NextDouble() / 3, random.NextDouble() / 3)).ToEquatableList();
            masks = masks.Select(m => m with { Width = Math.Min(m.Width, 1 - m.X), Height = Math.Min(m.Height, 1 - m.Y) }).ToEquatableList();
            var spec = new PreparationSpec { Width = random.Next(1, 80), Height = random.Next(1, 80), Channels = random.Next(2) == 0 ? 1 : 3, Masks = masks };
            var regions = Enumerable.Range(0, random.Next(1, 5))
                .Select(_ => new PixelBox(random.Next(-5, width), random.Next(-5, height), random.Next(1, width + 5), random.Next(1, height + 5))).ToArray();
            Check(slot, spec, regions);
        }
    }

    [Fact]
    public void What_is_masked_does_not_travel()
    {
        using var ring = new FrameRing(1, 100, 1);
        Assert.True(ring.TryRent(out var slot));
        slot.PixelRoom.Fill(9);
        slot.SetShape(10, 10, 1);
        var crops = new byte[36];
        CropPacking.Pack(slot, [new PixelBox(2, 2, 6, 6)], [new FractionBox(0, 0, 0.5, 0.5)], crops);
        Assert.Equal(27, crops.Count(b => b == 9));
        Assert.Equal(9, crops.Count(b => b == 0));
    }

    private static void Check(FrameSlot slot, PreparationSpec spec, PixelBox[] regions)
    {
        var whole = new Preparer(spec);
        var packed = new Preparer(spec);
        var crops = new byte[CropPacking.Length(slot, regions)];
        CropPacking.Pack(slot, regions, spec.Masks.AsSpan(), crops);
        var (expected, found, at) = (new byte[spec.TensorLength], new byte[spec.TensorLength], 0);
        foreach (var region in regions)
        {
            _ = whole.RunRegion(slot.Pixels, slot.Width, slot.Height, slot.Channels, region, expected);
            var box = CropPacking.Cut(slot, region);
            packed.RunCrop(crops.AsSpan(at, box.Width * box.Height * slot.Channels), box.Width, box.Height, slot.Channels, found);
            at += box.Width * box.Height * slot.Channels;
            Assert.True(expected.AsSpan().SequenceEqual(found), $"{region} of {slot.Width} x {slot.Height} x {slot.Channels} to {spec}");
        }

        Assert.Equal(crops.Length, at);
    }
}
