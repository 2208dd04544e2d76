using Akka.Configuration;

namespace Inspection.Nodes.Hosting.Setup;

/// <summary>The HOCON files of cluster-config/, shipped inside the assembly.</summary>
public static class ClusterConfig
{
    public static Config Base => Load("base.hocon");

    public static Config Profile(string name) => Load($"profiles/{name}.hocon");

    private static Config Load(string file)
    {
        using var stream = typeof(ClusterConfig).Assembly.GetManifestResourceStream($"cluster-config/{file}")
            ?? throw new InvalidOperationException($"cluster-config/{file} is not part of this build");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
