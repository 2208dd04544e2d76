using System.Globalization;
using Inspection.Vision.Imaging;

namespace Inspection.Vision.Cameras.Synthetic;

/// <summary>Writes a synthetic data set in the MVTec folder convention: train/good, test/good, test/DEFECT, ground_truth/DEFECT/STEM_mask.png.</summary>
public static class SyntheticDataset
{
    /// <summary>The same with default options but the seed.</summary>
    public static void Write(string directory, int goodCount, int testGood, int perDefect, long seed) =>
        Write(directory, new SyntheticOptions { Seed = seed }, goodCount, testGood, perDefect);

    /// <summary>
    /// Pictures go round the line's cameras. They come from parts of a stream of their own, so no picture of a running line with the same
    /// seed is in the set.
    /// </summary>
    /// <param name="directory">Created; files of the same name are overwritten.</param>
    public static void Write(string directory, SyntheticOptions options, int goodCount, int testGood, int perDefect)
    {
        var line = new SyntheticLine(options);
        var next = -1L;
        WriteMany(line, Path.Combine(directory, "train", "good"), null, null, goodCount, ref next);
        WriteMany(line, Path.Combine(directory, "test", "good"), null, null, testGood, ref next);
        foreach (var kind in Enum.GetValues<DefectKind>())
        {
            var name = kind.ToString().ToLowerInvariant();
            WriteMany(line, Path.Combine(directory, "test", name), Path.Combine(directory, "ground_truth", name), kind, perDefect, ref next);
        }
    }

    private static void WriteMany(SyntheticLine line, string folder, string? maskFolder, DefectKind? kind, int count, ref long index)
    {
        _ = Directory.CreateDirectory(folder);
        if (maskFolder is not null)
        {
            _ = Directory.CreateDirectory(maskFolder);
        }

        var options = line.Options;
        var pixels = new byte[line.FrameLength];
        var mask = new byte[options.Width * options.Height];
        for (var i = 0; i < count; i++, index--)
        {
            mask.AsSpan().Clear();
            var random = new SeededStream(options.Seed, index, 4);
            line.Draw(index, i % options.Cameras, kind, line.DrawContrast(ref random), pixels, mask);
            var stem = i.ToString("D3", CultureInfo.InvariantCulture);
            File.WriteAllBytes(Path.Combine(folder, $"{stem}.png"), ImageEncoder.Png(pixels, options.Width, options.Height, options.Channels));
            if (maskFolder is not null)
            {
                File.WriteAllBytes(Path.Combine(maskFolder, $"{stem}_mask.png"), ImageEncoder.Png(mask, options.Width, options.Height, 1));
            }
        }
    }
}
