using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Inspection.Vision.Imaging;

namespace Inspection.Learning.Tests;

/// <summary>A small data set drawn by seed: grey plates with a soft pattern and noise; defects are dark scratches and bright spots, with masks.</summary>
internal static class DrawnParts
{
    public const int Side = 96;

    public static ImageDataset Write(string root, int good, int defectsEach)
    {
        for (var i = 0; i < good; i++)
        {
            Save(Path.Combine(root, "train", "good", $"{i:000}.png"), Plate(i));
        }

        for (var i = 0; i < defectsEach; i++)
        {
            Save(Path.Combine(root, "test", "good", $"{i:000}.png"), Plate(1000 + i));
            foreach (var kind in new[] { "scratch", "spot" })
            {
                var (picture, mask) = Damage(Plate(2000 + i), kind, i);
                Save(Path.Combine(root, "test", kind, $"{i:000}.png"), picture);
                Save(Path.Combine(root, "ground_truth", kind, $"{i:000}_mask.png"), mask);
            }
        }

        return ImageDataset.Open(root);
    }

    public static byte[] Plate(int seed)
    {
        var random = new SeededRandom((ulong)seed + 1);
        var phase = random.Unit() * 6;
        var pixels = new byte[Side * Side];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var value = 128 + (25 * Math.Sin((x / 7.0) + phase)) + (15 * Math.Cos(y / 11.0)) + (6 * (random.Unit() - 0.5));
                pixels[(y * Side) + x] = (byte)Math.Clamp(value, 0, 255);
            }
        }

        return pixels;
    }

    private static (byte[] Picture, byte[] Mask) Damage(byte[] plate, string kind, int seed)
    {
        var random = new SeededRandom((ulong)seed + 99);
        var (cx, cy) = (24 + random.Below(48), 24 + random.Below(48));
        var mask = new byte[plate.Length];
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var hit = kind == "spot"
                    ? ((x - cx) * (x - cx)) + ((y - cy) * (y - cy)) < 64
                    : Math.Abs(x - cx - ((y - cy) / 2)) < 2 && Math.Abs(y - cy) < 20;
                if (hit)
                {
                    mask[(y * Side) + x] = 255;
                    plate[(y * Side) + x] = kind == "spot" ? (byte)250 : (byte)10;
                }
            }
        }

        return (plate, mask);
    }

    private static void Save(string path, byte[] pixels)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ImageEncoder.Png(pixels, Side, Side, 1));
    }
}
