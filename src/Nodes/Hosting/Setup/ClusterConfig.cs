using Akka.Configuration;
using Inspection.Nodes.Hosting.Plants;

namespace Inspection.Nodes.Hosting.Setup;

/// <summary>The HOCON files of cluster-config/: shipped inside the assembly, or those of a folder that takes their place.</summary>
public static class ClusterConfig
{
    private static readonly TimeSpan LongestParse = TimeSpan.FromSeconds(10);

    /// <summary>What a node with these roles has: its roles' files over the profile over base.</summary>
    /// <param name="profile">embedded or plant.</param>
    /// <param name="roles">Each has a file.</param>
    /// <param name="folder">Where the files are; null: inside the program.</param>
    /// <exception cref="PlantException">The folder lacks one of the files, or one of them is no HOCON.</exception>
    public static Config Of(string profile, IEnumerable<string> roles, string? folder = null) =>
        roles.Aggregate(Load($"profiles/{profile}.hocon", folder).WithFallback(Load("base.hocon", folder)), (config, role) => Load($"roles/{role}.hocon", folder).WithFallback(config));

    private static Config Load(string file, string? folder)
    {
        if (folder is null)
        {
            using var shipped = typeof(ClusterConfig).Assembly.GetManifestResourceStream($"cluster-config/{file}")
                ?? throw new InvalidOperationException($"cluster-config/{file} is not part of this build");
            using var reader = new StreamReader(shipped);
            return ConfigurationFactory.ParseString(reader.ReadToEnd());
        }

        var path = Path.Combine(folder, file);
        try
        {
            var text = File.ReadAllText(path);
            var parsed = Task.Run(() => ConfigurationFactory.ParseString(text));
            return Task.WaitAny([parsed], LongestParse) == 0
                ? parsed.GetAwaiter().GetResult()
                : throw new FormatException("a bracket is not closed"); // Akka's parser never comes to the end of such a text
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlantException($"{ProcessVariables.ClusterConfig}: {path} can't be read ({e.Message}): put all files of cluster-config/ there, or leave the variable out", e);
        }
        catch (Exception e) when (e is FormatException or ConfigurationException)
        {
            throw new PlantException($"{ProcessVariables.ClusterConfig}: {path} is no HOCON ({e.Message.Split('\n')[0].Trim()}): correct it; cluster-config/ has one that works", e);
        }
    }
}
