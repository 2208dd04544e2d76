using System.Globalization;
using Inspection.Learning.Datasets;

namespace Inspection.Learning.Evaluating;

/// <summary>scores.csv: one line a test picture, in ordinal order of their paths; scores so that the same float is read back.</summary>
public static class ScoresCsv
{
    public const string Header = "image,label,score,conclusion";

    public static void Write(string path, IEnumerable<EvaluatedImage> images) =>
        File.WriteAllLines(path, [Header, .. images.Select(Line)]);

    private static string Line(EvaluatedImage image) =>
        $"{CsvLine.Quote(image.Item.Path)},{CsvLine.Quote(image.Item.Label)},{image.Score.ToString("R", CultureInfo.InvariantCulture)},{image.Conclusion}";
}
