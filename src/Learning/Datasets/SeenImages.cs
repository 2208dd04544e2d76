using Inspection.Protocol;

namespace Inspection.Learning.Datasets;

/// <summary>
/// Which pictures a fitted model has seen, kept in its package as seen.csv (`sha256,path`): an evaluation compares contents, so it finds
/// a test picture that was learned from even under another name.
/// </summary>
public static class SeenImages
{
    public const string FileName = "seen.csv";

    /// <summary>Called by whoever fits, with every picture used: for the bank, for calibration, for training, for early stopping.</summary>
    public static void Write(string packageDirectory, IEnumerable<DatasetItem> items)
    {
        var lines = items.OrderBy(i => i.Path, StringComparer.Ordinal).Select(i => $"{DatasetDigest.OfFile(i.AbsolutePath)},{CsvLine.Quote(i.Path)}");
        File.WriteAllLines(Path.Combine(packageDirectory, FileName), ["sha256,path", .. lines]);
    }

    /// <summary>The contents seen; null where the package does not say (an imported model).</summary>
    /// <exception cref="DatasetException">The file is there and cannot be understood.</exception>
    public static IReadOnlySet<Digest>? Read(string packageDirectory)
    {
        var file = Path.Combine(packageDirectory, FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        var seen = new HashSet<Digest>();
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            try
            {
                _ = seen.Add(Digest.Parse(CsvLine.Split(line)[0]));
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new DatasetException($"'{file}' has a line that does not begin with a SHA-256: '{line}'. Fit the package again, or delete the file", e);
            }
        }

        return seen;
    }
}
