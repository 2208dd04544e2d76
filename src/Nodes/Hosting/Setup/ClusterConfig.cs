using Akka.Configuration;

namespace Inspection.Nodes.Hosting.Setup;

/// <summary>The HOCON files of cluster-config/, shipped inside the assembly.</summary>
public static class ClusterConfig
{
    private static Config Base => Load("base.hocon");

    private static Config Profile(string name) => Load($"profiles/{name}.hocon");

    /// <summary>What a node with these roles has: its roles' files over the profile over base.</summary>
    public static Config Of(string profile, IEnumerable<string> roles) =>
        roles.Aggregate(Profile(profile).WithFallback(Base), (config, role) => Load($"roles/{role}.hocon").WithFallback(config));

    private static Config Load(string file)
    {
        using var stream = typeof(ClusterConfig).Assembly.GetManifestResourceStream($"cluster-config/{file}")
            ?? throw new InvalidOperationException($"cluster-config/{file} is not part of this build");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
