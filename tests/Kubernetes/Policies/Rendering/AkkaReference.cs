using System.Reflection;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>Akka's reference configuration: the .conf files inside all of its assemblies that the program ships, over one another.</summary>
internal static class AkkaReference
{
    private static readonly Lazy<Config> Known = new(Load);

    public static Config All => Known.Value;

    /// <summary>Paths of all values that hold no others, with quotes taken from names.</summary>
    public static IEnumerable<string> Leaves(Config config) => Leaves(config.Root, []);

    private static IEnumerable<string> Leaves(HoconValue value, string[] path) => value.IsObject()
        ? value.GetObject().Items.SelectMany(i => Leaves(i.Value, [.. path, i.Key]))
        : [string.Join('.', path)];

    private static Config Load() => Directory.GetFiles(AppContext.BaseDirectory, "Akka*.dll")
        .Select(Assembly.LoadFrom)
        .SelectMany(a => a.GetManifestResourceNames().Where(n => n.EndsWith(".conf", StringComparison.Ordinal)).Select(n => Read(a, n)))
        .Aggregate(ConfigurationFactory.Empty, (all, one) => all.WithFallback(one));

    private static Config Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
