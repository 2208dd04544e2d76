using System.Globalization;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>Durations as people write them: 500 ms, 2 s, 1.5 min, 1 h. A number without a unit is refused.</summary>
public static class Durations
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("min", 60), ("s", 1), ("h", 3600)];

    public static TimeSpan Parse(string text)
    {
        var trimmed = text.Trim();
        foreach (var (unit, seconds) in Units)
        {
            if (trimmed.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(trimmed[..^unit.Length].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && value >= 0 && value * seconds < TimeSpan.MaxValue.TotalSeconds)
            {
                return TimeSpan.FromSeconds(value * seconds);
            }
        }

        throw new FormatException($"'{text}' is not a duration");
    }

    public static string Text(TimeSpan value) => value.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.###} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.###} s");
}
