using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Inspection.Nodes.Hosting.Plants;

internal static class YamlFile
{
    /// <exception cref="PlantException">No YAML, or not one mapping: then it says <paramref name="shape"/>.</exception>
    public static YamlMappingNode Parse(string file, string text, string shape)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode map }] ? map : throw new PlantException($"{file}: {shape}");
        }
        catch (YamlException e)
        {
            throw new PlantException(string.Create(CultureInfo.InvariantCulture, $"{file}, line {e.Start.Line}: not YAML: {e.Message}"), e);
        }
        catch (InvalidOperationException e)
        {
            // the parser's own words for a file that ends in the middle of a list or a map
            throw new PlantException($"{file}: not YAML: {e.Message.TrimEnd('.')}; a list or a map is not closed", e);
        }
    }
}
