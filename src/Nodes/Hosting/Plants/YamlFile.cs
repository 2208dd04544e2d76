using System.Globalization;
using Inspection.Audit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Inspection.Nodes.Hosting.Plants;

internal static class YamlFile
{
    /// <summary>The text of a file that is there, in the encoding that its first bytes name, else UTF-8.</summary>
    /// <exception cref="PlantException">It cannot be read, or is longer than any such file.</exception>
    public static string Read(string file)
    {
        try
        {
            using var reader = new StreamReader(new MemoryStream(SmallFile.Read(file, YamlGuard.MostBytes)));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlantException($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="PlantException">No YAML, or not one mapping: then it says <paramref name="shape"/>.</exception>
    public static YamlMappingNode Parse(string file, string text, string shape)
    {
        try
        {
            new YamlGuard(file).Check(text);
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
