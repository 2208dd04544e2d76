using System.Globalization;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Hostile.Tests.Texts;

/// <summary>In the child: one plant file or node file, read as the product reads it.</summary>
internal static class ReadTexts
{
    public static string Plant(string path) => Read(() => PlantReader.Read(path) is var plant ? $"{plant.Name}, {plant.Lines.Count} lines" : "");

    public static string Node(string path) => Read(() => NodeReader.Read(path) is var node ? string.Create(CultureInfo.InvariantCulture, $"{node.Id}, {node.Supervisors.Count} supervisors") : "");

    private static string Read(Func<string> read)
    {
        try
        {
            return Child.Taken + read();
        }
        catch (PlantException e)
        {
            return Child.Refused + e.Message;
        }
        catch (Exception e)
        {
            return e.ToString();
        }
    }
}
