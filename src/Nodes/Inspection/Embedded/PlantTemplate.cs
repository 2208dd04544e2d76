using System.Globalization;
using System.Text;

namespace Inspection.Embedded;

/// <summary>A line of a plant file to be written.</summary>
/// <param name="Coarse">Package directory, as the plant file will name it.</param>
/// <param name="Verifier">Likewise, or null.</param>
/// <param name="Cameras">Each camera's own lines: what it reads.</param>
internal sealed record PlantTemplateLine(string Line, string Recipe, string Coarse, string? Verifier, string Pace, string? Travel, IReadOnlyList<(string Name, string[] Source)> Cameras);

/// <summary>Writes a commented plant file: the settings most plants touch, each with what it does and what else it may be.</summary>
internal static class PlantTemplate
{
    public static string Write(string plant, string intro, IReadOnlyList<PlantTemplateLine> lines)
    {
        var text = new StringBuilder();
        foreach (var line in intro.Split('\n'))
        {
            _ = text.AppendLine($"# {line}".TrimEnd());
        }

        _ = text.Append(CultureInfo.InvariantCulture, $$"""

            # Paths are relative to this file. A key that is not known is an error. Environment variables override any value:
            # INSPECTION__LINES__0__STATIONS__0__PACE=5/s sets lines[0].stations[0].pace.
            plant: {{plant}}

            # Journal, ejector logs and the local signing key live here. The journal remembers every part it has seen: a second run goes
            # on after the last one. To run all parts again, name another folder.
            state: state

            # Frames are kept for audits (inspection audit why, audit replay --level R1): all of a part that is not OK, and a share of the OK
            # ones. They lie in clear: protect the folder as you protect the pictures.
            archive:
              folder: state/frames
              ok_sample: 0.01           # 0: no OK frame is kept; 1: all are

            inference:
              provider: cpu             # cpu, cuda or tensorrt; a provider that is missing is an error, never a silent fall-back
              detectors: 0              # coarse workers; 0: one a core
              verifiers: 1

            lines:

            """);
        foreach (var line in lines)
        {
            Append(text, line);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, PlantTemplateLine line)
    {
        _ = text.Append(CultureInfo.InvariantCulture, $$"""
              - line: {{line.Line}}
                recipe:
                  name: {{line.Recipe}}
                  coarse: {{Quoted(line.Coarse)}}

            """);
        _ = line.Verifier is { } verifier
            ? text.AppendLine(CultureInfo.InvariantCulture, $"      verifier: {Quoted(verifier)}")
            : text.AppendLine("      # verifier: models/verifier   # a second look at candidates: inspection fit verifier");
        _ = text.Append(CultureInfo.InvariantCulture, $$"""
                  # deadline: 2 s           # from trigger to decision; default: travel less 100 ms for the commit, 30 s when pulled
                  dispositions:             # what happens to the part: rework, scrap or hold
                    ng: scrap
                    review: hold
                    fallback: hold
                    # by_defect: { scratch: rework }
                stations:
                  - station: s1
                    pace: {{line.Pace,-20}}# pulled: as fast as it can, nothing is ever shed; 10/s: like a real line, sheds and records
                    window: 64              # parts that may be open at once

            """);
        _ = line.Travel is { } travel
            ? text.AppendLine("        gate:").AppendLine(CultureInfo.InvariantCulture, $"          travel: {travel,-16}# longest time from camera to ejector; after a start the gate diverts for as long")
                .AppendLine("          # stop_after: 20        # stop the line after so many parts in a row without a verdict; inspection resume lets it run again")
            : text.AppendLine("        # gate: { travel: 2 s, stop_after: 20 }   # travel: needed with a pace in parts a second; stop_after: parts in a row without a verdict that stop the line");
        _ = text.AppendLine("        cameras:");
        foreach (var (name, source) in line.Cameras)
        {
            _ = text.AppendLine(CultureInfo.InvariantCulture, $"          - camera: {name}");
            foreach (var key in source)
            {
                _ = text.AppendLine(CultureInfo.InvariantCulture, $"            {key}");
            }
        }
    }

    internal static string Quoted(string path) => $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
