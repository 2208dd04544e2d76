using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Inspection.Vision.Imaging;

namespace Inspection.Evaluation.Tests.Evaluating;

/// <summary>A data set of drawn grey pictures, 24 x 16: good ones are dim noise, bad ones have a bright block that a mask marks.</summary>
internal static class TinySet
{
    public const int Width = 24;
    public const int Height = 16;

    /// <summary>Writes 12 good and 6 + 6 bad test pictures (classes spot and faint) and 4 training ones.</summary>
    public static ImageDataset Write(Scratch scratch, bool groups = true)
    {
        var random = new SeededRandom(11);
        List<string> manifest = ["path,group"];
        for (var i = 0; i < 4; i++)
        {
            Picture(scratch, $"set/train/good/{i}.png", ref random, null, 0);
            manifest.Add($"train/good/{i}.png,t{i}");
        }

        for (var i = 0; i < 12; i++)
        {
            Picture(scratch, $"set/test/good/{i:00}.png", ref random, null, 0);
            manifest.Add($"test/good/{i:00}.png,g{i}");
        }

        foreach (var (name, level) in new[] { ("spot", 250), ("faint", 110) })
        {
            for (var i = 0; i < 6; i++)
            {
                Picture(scratch, $"set/test/{name}/{i}.png", ref random, (3 * i, 4), (byte)level);
                manifest.Add($"test/{name}/{i}.png,{name}{i}");
                var mask = new byte[Width * Height];
                Block(mask, 3 * i, 4, 255);
                Save(scratch, $"set/ground_truth/{name}/{i}_mask.png", mask);
            }
        }

        if (groups)
        {
            File.WriteAllLines(scratch["set/manifest.csv"], manifest);
        }

        return ImageDataset.Open(scratch["set"]);
    }

    private static void Picture(Scratch scratch, string relative, ref SeededRandom random, (int X, int Y)? block, byte level)
    {
        var pixels = new byte[Width * Height];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(90 + random.Below(30));
        }

        if (block is { } at)
        {
            Block(pixels, at.X, at.Y, level);
        }

        Save(scratch, relative, pixels);
    }

    private static void Block(byte[] pixels, int x, int y, byte level)
    {
        for (var dy = 0; dy < 4; dy++)
        {
            pixels.AsSpan(((y + dy) * Width) + x, 5).Fill(level);
        }
    }

    private static void Save(Scratch scratch, string relative, byte[] pixels)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(scratch[relative])!);
        File.WriteAllBytes(scratch[relative], ImageEncoder.Png(pixels, Width, Height, 1));
    }
}
