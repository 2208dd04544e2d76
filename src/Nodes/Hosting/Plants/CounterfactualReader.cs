using System.Globalization;
using Inspection.Audit.Asking;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>Reads the policy file of `audit counterfactual`: thresholds: { NAME: VALUE, ... } and costs: { escape: N, overkill: N }.</summary>
public static class CounterfactualReader
{
    /// <exception cref="PlantException">Missing, no YAML, or it says something wrong.</exception>
    public static CounterfactualPolicy Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new PlantException($"policy file {file} does not exist; it holds thresholds: {{ reject: 3.1 }} and, for money, costs: {{ escape: 100, overkill: 1 }}");
        }

        var root = new YamlSection(file, "", YamlFile.Parse(file, YamlFile.Read(file), "a policy file is one YAML document with keys (thresholds, costs)"));
        var thresholds = root.Section("thresholds") ?? throw root.Wrong("thresholds", "is missing: say which to change");
        var values = new Dictionary<string, float>();
        foreach (var name in PolicyValues.Names.Where(thresholds.Has))
        {
            values[name] = thresholds.Parsed(name, 0f, Finite, "a number");
        }

        thresholds.NoOtherKeys();
        if (values.Count == 0)
        {
            throw root.Wrong("thresholds", $"none is given; there are {string.Join(", ", PolicyValues.Names)}");
        }

        var costs = root.Section("costs");
        var policy = new CounterfactualPolicy(values, costs?.Number("escape", 0, 0, 1e12), costs?.Number("overkill", 0, 0, 1e12));
        costs?.NoOtherKeys();
        root.NoOtherKeys();
        return policy;
    }

    private static float Finite(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is var value && float.IsFinite(value) ? value : throw new FormatException("not finite");
}
