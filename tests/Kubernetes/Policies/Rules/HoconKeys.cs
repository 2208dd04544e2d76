using Akka.Configuration;
using Inspection.Kubernetes.Tests.Policies.Rendering;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>Akka reads a key it does not know as nothing at all: a misspelt time is Akka's default. So each key must be one of Akka's own.</summary>
internal static class HoconKeys
{
    /// <summary>Ours, so Akka's reference has them not.</summary>
    private static readonly string[] Own =
    [
        "akka.actor.inspection-lane.",                 // one lane for actors that hand a part on
        "akka.actor.inspection-camera-dispatcher.",    // a thread for each camera
        "akka.actor.inspection-inference-dispatcher.", // a thread for each inference session
    ];

    /// <summary>Sections that Akka reads over another one: keys of that one hold here, too.</summary>
    private static readonly (string Section, string Under)[] Layered =
    [
        ("akka.cluster.sharding.distributed-data.", "akka.cluster.distributed-data."),
    ];

    public static IEnumerable<string> Check(Manifests manifests) =>
        from map in manifests.All<V1ConfigMap>()
        from entry in map.Data ?? new Dictionary<string, string>()
        where entry.Key.EndsWith(".hocon", StringComparison.Ordinal)
        from key in Unknown(entry.Value)
        select $"ConfigMap/{map.Metadata.Name}: {entry.Key}: {key} is not a key of Akka's reference configuration; correct it";

    public static IEnumerable<string> Unknown(string hocon) =>
        AkkaReference.Leaves(ConfigurationFactory.ParseString(hocon)).Where(k => !Own.Any(o => k.StartsWith(o, StringComparison.Ordinal)) && !Known(k));

    private static bool Known(string key) => AkkaReference.All.HasPath(key)
        || Layered.Any(l => key.StartsWith(l.Section, StringComparison.Ordinal) && AkkaReference.All.HasPath(l.Under + key[l.Section.Length..]));
}
