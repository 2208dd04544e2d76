using System.Globalization;
using System.Text;

namespace Inspection.Hostile.Tests.Pictures;

/// <summary>Two real lines: packages fitted on the good pictures of two real sets, and plant files that look at folders with them.</summary>
internal static class Plants
{
    /// <summary>Line, and the real set it was fitted on. JPEG pictures are the first one's, all others the second one's.</summary>
    public static readonly (string Line, string Set)[] Lines = [("tile", "magnetic_tile"), ("solar", "solar_mono")];

    public static async Task FitAsync(Scratch scratch)
    {
        foreach (var (line, set) in Lines)
        {
            _ = (await InspectionProcess.RunAsync("fit", "coarse", "--data", Repository.Shared($"data/{set}"), "--out", scratch[$"models/{line}"], "--bank", "200", "--no-flips")).Expect(0);
        }
    }

    /// <summary>A plant whose lines look at the folders of this name, one a line; its journal lies in a state folder of this name.</summary>
    public static string Write(Scratch scratch, string name, double megapixels)
    {
        var text = new StringBuilder($"plant: hostile\nstate: state-{name}\nlines:\n");
        foreach (var (line, _) in Lines)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"""
                  - line: {line}
                    recipe: {"{"} name: {line}, coarse: models/{line} {"}"}
                    stations:
                      - station: s1
                        pace: pulled
                        cameras:
                          - {"{"} camera: c1, folder: {name}/{line}, max_megapixels: {megapixels} {"}"}

                """);
        }

        return scratch.File($"{name}.yaml", text.ToString());
    }

    public static LineStory Story(Scratch scratch, string name, string line) => LineStory.Read(scratch[$"state-{name}/journal.db"], line);

    /// <summary>The line that looks at pictures of this kind.</summary>
    public static string LineOf(string extension) => extension == ".jpg" ? "tile" : "solar";
}
