using System.Collections;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Inspection.Nodes.Hosting.Plants;

/// <summary>
/// INSPECTION__LINES__0__RECIPE__DEADLINE=2 s sets lines[0].recipe.deadline of the plant file, INSPECTION__NODE__ID=s1 sets id of the node
/// file. Keys are matched without case.
/// </summary>
internal static class EnvironmentOverrides
{
    private const string PlantPrefix = "INSPECTION__";
    private const string NodePrefix = "INSPECTION__NODE__";

    public static void ApplyToPlant(YamlMappingNode root) => Apply(root, PlantPrefix, name => !name.StartsWith(NodePrefix, StringComparison.Ordinal));

    public static void ApplyToNode(YamlMappingNode root) => Apply(root, NodePrefix, static _ => true);

    private static void Apply(YamlMappingNode root, string prefix, Func<string, bool> wanted)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (variable.Key is string name && name.StartsWith(prefix, StringComparison.Ordinal) && wanted(name) && variable.Value is string value)
            {
                Set(root, name, name[prefix.Length..].Split("__"), value);
            }
        }
    }

    private static void Set(YamlNode node, string name, string[] path, string value)
    {
        for (var i = 0; i < path.Length; i++)
        {
            var last = i == path.Length - 1;
            switch (node)
            {
                case YamlMappingNode map:
                    var key = map.Children.Keys.OfType<YamlScalarNode>().FirstOrDefault(k => string.Equals(k.Value, path[i], StringComparison.OrdinalIgnoreCase))
                        ?? new YamlScalarNode(path[i].ToLowerInvariant());
                    if (last)
                    {
                        map.Children[key] = new YamlScalarNode(value);
                        return;
                    }

                    if (!map.Children.TryGetValue(key, out var next))
                    {
                        map.Children[key] = next = new YamlMappingNode();
                    }

                    node = next;
                    break;
                case YamlSequenceNode list when int.TryParse(path[i], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Children.Count:
                    if (last)
                    {
                        list.Children[index] = new YamlScalarNode(value);
                        return;
                    }

                    node = list.Children[index];
                    break;
                default:
                    throw new PlantException($"environment variable {name}: '{path[i]}' is not there to be set; use the file's keys, list entries by number from 0");
            }
        }
    }
}
