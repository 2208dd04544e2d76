using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Imaging;
using Inspection.Vision.Preparing;
using Inspection.Vision.Preparing.Aligning;

namespace Inspection.Vision.Tests.Preparing;

public sealed class AlignmentTests
{
    private const int Side = 400;

    public static TheoryData<bool, int> Cases => new() { { true, 1 }, { false, 1 }, { true, 3 }, { false, 3 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_part_at_any_angle_gives_the_same_tensor(bool brightPart, int channels)
    {
        var preparer = new Preparer(Spec(160, 64, channels));
        var (first, turned) = (new byte[160 * 64 * channels], new byte[160 * 64 * channels]);
        Assert.Equal(AlignmentOutcome.Aligned, preparer.Run(Bolt(0, brightPart, channels), Side, Side, channels, first).Outcome);
        for (var degrees = 7; degrees < 360; degrees += 11)
        {
            var geometry = preparer.Run(Bolt(degrees, brightPart, channels), Side, Side, channels, turned);
            Assert.Equal(AlignmentOutcome.Aligned, geometry.Outcome);
            var apart = first.Zip(turned, (a, b) => (double)Math.Abs(a - b)).Average();
            Assert.True(apart < 5, $"at {degrees} degrees the tensor differs by {apart:F1} grey levels on average");
        }
    }

    [Fact]
    public void The_geometry_finds_a_place_of_the_part_in_the_frame_and_back()
    {
        var preparer = new Preparer(Spec(160, 64, 1));
        var tensor = new byte[160 * 64];
        for (var degrees = 0; degrees < 360; degrees += 23)
        {
            var geometry = preparer.Run(Bolt(degrees, true, 1), Side, Side, 1, tensor);
            var (x, y) = Place(degrees, 100, 0);
            var (tx, ty) = geometry.ToTensor(x, y);
            Assert.InRange(tx, 120, 150);
            Assert.InRange(ty, 29, 35);
            var box = geometry.CellsToFrame(new PixelBox((int)(tx / 8), (int)(ty / 8), 1, 1), 20, 8);
            Assert.True(box.X <= x && x < box.X + box.Width && box.Y <= y && y < box.Y + box.Height, $"{box} does not hold ({x:F1}, {y:F1})");
        }
    }

    [Fact]
    public void A_tall_tensor_gets_the_part_upright()
    {
        var tensor = new byte[64 * 160];
        var geometry = new Preparer(Spec(64, 160, 1)).Run(Bolt(30, true, 1), Side, Side, 1, tensor);
        var (x, y) = Place(30, 100, 0);
        var (tx, ty) = geometry.ToTensor(x, y);
        Assert.InRange(tx, 29, 35);
        Assert.InRange(ty, 120, 150);
    }

    [Fact]
    public void A_small_defect_keeps_its_weight_when_the_part_is_shrunk()
    {
        // dots of 2 x 2 pixels at many places, tensor a quarter of the frame: each must darken the tensor by its share of area
        var spec = Spec(96, 40, 1);
        var preparer = new Preparer(spec);
        var (clean, dotted) = (new byte[spec.TensorLength], new byte[spec.TensorLength]);
        var frame = Bolt(20, true, 1);
        var geometry = preparer.Run(frame, Side, Side, 1, clean);
        var scale = geometry.TensorToFrame.Xx * geometry.TensorToFrame.Yy - (geometry.TensorToFrame.Xy * geometry.TensorToFrame.Yx);
        for (var along = -90; along <= 60; along += 7)
        {
            var (x, y) = Place(20, along, 3);
            var (spoiled, taken) = ((byte[])frame.Clone(), 0);
            foreach (var at in new[] { 0, 1, Side, Side + 1 })
            {
                ref var pixel = ref spoiled[((int)y * Side) + (int)x + at];
                (taken, pixel) = (taken + pixel - 20, 20);
            }

            _ = preparer.Run(spoiled, Side, Side, 1, dotted);
            var lost = clean.Zip(dotted, (a, b) => a - b).Sum();
            var expected = taken / scale;
            Assert.InRange(lost, 0.7 * expected, 1.3 * expected);
        }
    }

    [Fact]
    public void Without_a_part_or_an_axis_the_frame_is_prepared_as_it_lies()
    {
        var noise = TestPictures.Noise(Side, Side, 1, 3).Select(v => (byte)(100 + (v % 8))).ToArray();
        AssertAsItLies(noise, AlignmentOutcome.NoBlob);
        AssertAsItLies(Shape((x, y) => (x * x) + (y * y) < 80 * 80), AlignmentOutcome.NoAxis);
    }

    [Fact]
    public void A_masked_region_is_no_part_and_is_black_in_the_tensor()
    {
        var frame = Bolt(0, false, 1);
        var spec = Spec(160, 64, 1) with { Masks = [new FractionBox(0, 0, 1, 0.1), new FractionBox(0.6, 0.45, 0.05, 0.04)] };
        var tensor = new byte[spec.TensorLength];
        var geometry = new Preparer(spec).Run(frame, Side, Side, 1, tensor);
        Assert.Equal(AlignmentOutcome.Aligned, geometry.Outcome);
        var (tx, ty) = geometry.ToTensor(250, 188);
        Assert.Equal(0, tensor[((int)ty * 160) + (int)tx]);
    }

    [Fact]
    public void Every_screw_points_the_same_way()
    {
        var folder = SharedData.Folder("data/screw");
        var spec = Spec(320, 96, 1);
        var preparer = new Preparer(spec);
        var finder = new PartFinder();
        var tensor = new byte[spec.TensorLength];
        using var decoder = new ImageDecoder();
        foreach (var id in new FolderParts(folder).Ids.Where(i => !i.StartsWith("ground_truth/", StringComparison.Ordinal)))
        {
            var image = decoder.ReadFile(Path.Combine(folder, id), out var problem);
            Assert.True(image is not null, problem);
            Assert.Equal(AlignmentOutcome.Aligned, preparer.Run(image.Pixels, image.Width, image.Height, image.Channels, tensor).Outcome);
            Assert.Equal(AlignmentOutcome.Aligned, finder.Find(image.Pixels, image.Width, image.Height, image.Channels, new PixelBox(0, 0, image.Width, image.Height), [], out var pose));
            Assert.True(pose.Certainty > 0.25, $"{id}: its two ends differ by {pose.Certainty:F2} only");

            // the head is the broad end: far from the axis, the dark pixels are on the right
            Assert.True(DarkOffAxis(tensor, 192, 320) > 2 * DarkOffAxis(tensor, 0, 128), $"{id} points the other way");
        }
    }

    private static int DarkOffAxis(byte[] tensor, int from, int to)
    {
        var dark = 0;
        for (var y = 0; y < 96; y++)
        {
            for (var x = from; x < to; x++)
            {
                dark += Math.Abs(y - 48) is > 24 and < 44 && tensor[(y * 320) + x] < 110 ? 1 : 0;
            }
        }

        return dark;
    }

    private static void AssertAsItLies(byte[] frame, AlignmentOutcome outcome)
    {
        var (aligned, plain) = (new byte[64 * 64], new byte[64 * 64]);
        Assert.Equal(outcome, new Preparer(Spec(64, 64, 1)).Run(frame, Side, Side, 1, aligned).Outcome);
        _ = new Preparer(Spec(64, 64, 1) with { Alignment = Alignment.None }).Run(frame, Side, Side, 1, plain);
        Assert.Equal(plain, aligned);
    }

    private static PreparationSpec Spec(int width, int height, int channels) =>
        PreparationTests.Spec(width, height, channels) with { Alignment = Alignment.Axis };

    /// <summary>Frame coordinates of a place of the turned bolt: along towards its head, off to its side.</summary>
    private static (double X, double Y) Place(int degrees, double along, double off)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return ((Side / 2.0) + (along * cos) - (off * sin), (Side / 2.0) + (along * sin) + (off * cos));
    }

    /// <summary>A shank from -110 to 90, a head twice as broad from 90 to 120, and a dark ring on one end of the shank.</summary>
    private static byte[] Bolt(int degrees, bool bright, int channels)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var (part, ground) = bright ? (200, 40) : (50, 210);
        var frame = new byte[Side * Side * channels];
        for (var i = 0; i < Side * Side; i++)
        {
            var sum = 0;
            for (var s = 0; s < 4; s++)
            {
                var (x, y) = ((i % Side) + (((s & 1) + 0.5) / 2) - (Side / 2.0), (i / Side) + (((s >> 1) + 0.5) / 2) - (Side / 2.0));
                var (along, off) = ((x * cos) + (y * sin), (y * cos) - (x * sin));
                var inside = along is > -110 and < 120 && Math.Abs(off) < (along > 90 ? 40 : 20);
                var ring = along is > -80 and < -70;
                sum += inside ? (ring ? (part + ground) / 2 : part) : ground;
            }

            for (var c = 0; c < channels; c++)
            {
                frame[(i * channels) + c] = (byte)(sum / 4);
            }
        }

        return frame;
    }

    private static byte[] Shape(Func<double, double, bool> inside)
    {
        var frame = new byte[Side * Side];
        for (var i = 0; i < frame.Length; i++)
        {
            frame[i] = (byte)(inside((i % Side) - (Side / 2.0), (i / Side) - (Side / 2.0)) ? 200 : 40);
        }

        return frame;
    }
}
