using System.Globalization;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;

namespace Inspection.Nodes.Hosting.Nodes;

/// <summary>Reads a node file. Environment variables INSPECTION__NODE__A__B override the value a.b before anything is checked.</summary>
public static class NodeReader
{
    /// <exception cref="PlantException">The file is missing, no YAML, or says something wrong.</exception>
    public static NodePlan Read(string file)
    {
        var full = Path.GetFullPath(file);
        if (!File.Exists(full))
        {
            throw new PlantException($"node file {file} does not exist; docs/sre.md shows one");
        }

        var root = YamlFile.Parse(file, YamlFile.Read(full), "a node file is one YAML document with keys (id, cluster, plant, ...)");
        EnvironmentOverrides.ApplyToNode(root);
        return Read(new YamlSection(file, "", root), full);
    }

    private static NodePlan Read(YamlSection root, string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        var address = root.Section("address") ?? throw root.Wrong("address", "is missing: host, remote and http");
        var inference = root.Section("inference");
        var host = address.Text("host");
        var id = root.Name("id", n => new NodeId(n));
        var plan = new NodePlan
        {
            Id = id,
            File = file,
            Cluster = root.Name("cluster", n => Names.IsValid(n) ? n : throw new ArgumentException($"'{n}' is not a name: use letters, digits, '.', '_' or '-'")),
            PlantFile = Path.GetFullPath(root.Text("plant"), folder),
            StatePath = Path.GetFullPath(root.OptionalText("state") ?? Path.Combine("state", id.Value), folder),
            Host = host,
            Bind = address.OptionalText("bind") ?? host,
            RemotePort = address.Integer("remote", 4053, 1, 65_535),
            HttpPort = address.Integer("http", 8558, 1, 65_535),
            DataPort = address.Integer("data", 0, 0, 65_535),
            Supervisors = root.Values("supervisors", ParseHostPort, "host:port of a supervisor's HTTP address"),
            Stations = root.Has("stations") ? root.Values("stations", ParseStation, "LINE/STATION") : null,
            Inference = inference is null ? null : InferenceReader.Read(inference, Path.GetFullPath(root.OptionalText("state") ?? Path.Combine("state", id.Value), folder)),
        };
        address.NoOtherKeys();

        root.NoOtherKeys();
        return plan;
    }

    private static HostPort ParseHostPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
            ? new HostPort(text[..colon], port)
            : throw new FormatException();
    }

    private static StationName ParseStation(string text) => text.Split('/') is [var line, var station]
        ? new StationName(new LineId(line), new StationId(station))
        : throw new FormatException();
}
