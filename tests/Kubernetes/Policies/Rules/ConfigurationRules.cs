using Inspection.Kubernetes.Tests.Policies.Rendering;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using k8s.Models;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>The files a pod mounts are those the program reads: node.yaml and plant.yaml have known keys only, cluster-config/ is mounted whole and unchanged.</summary>
internal static class ConfigurationRules
{
    private static readonly string[] Needed = ["base.hocon", "profiles/plant.hocon", .. NodeRoles.All.Select(r => $"roles/{r}.hocon")];

    public static IEnumerable<string> Check(Manifests manifests) =>
    [
        .. manifests.Members.SelectMany(w => Files(manifests, w)).Distinct(),
        .. manifests.Members.SelectMany(w => Cluster(manifests, w)),
    ];

    private static IEnumerable<string> Files(Manifests manifests, Workload w)
    {
        if (manifests.ConfigMapOf(w, "config") is not { } map)
        {
            return [$"{w.Title}: volume config is missing; mount the ConfigMap with node.yaml and plant.yaml"];
        }

        using var folder = new Scratch();
        return
        [
            .. Readable(folder, map, "node.yaml", file => NodeReader.Read(file)),
            .. Readable(folder, map, "plant.yaml", file => PlantReader.Read(file)),
        ];
    }

    private static IEnumerable<string> Readable(Scratch folder, V1ConfigMap map, string name, Action<string> read)
    {
        if (map.Data?.TryGetValue(name, out var text) != true)
        {
            return [$"ConfigMap/{map.Metadata.Name}: {name} is missing; the overlay's configMapGenerator adds it"];
        }

        var file = folder.File(name, text!);
        return Refusal(folder, () => read(file)).Select(e => $"ConfigMap/{map.Metadata.Name}: {e}");
    }

    private static IEnumerable<string> Cluster(Manifests manifests, Workload w)
    {
        if (manifests.ConfigMapOf(w, "cluster-config") is not { } map)
        {
            return [$"{w.Title}: volume cluster-config is missing; mount the ConfigMap of cluster-config/"];
        }

        var items = w.Pod.Volumes.Single(v => v.Name == "cluster-config").ConfigMap.Items ?? [];
        using var folder = new Scratch();
        foreach (var item in items.Where(i => map.Data.ContainsKey(i.Key)))
        {
            _ = folder.File(item.Path, map.Data[item.Key]);
        }

        return
        [
            .. Needed.SelectMany(file => OfFile(w, map, items, file)),
            .. NodeRoles.All.SelectMany(role => Refusal(folder, () => ClusterConfig.Of("plant", [role], folder.Root)).Select(e => $"{w.Title}: cluster-config as mounted does not serve role {role}: {e}")),
        ];
    }

    private static IEnumerable<string> OfFile(Workload w, V1ConfigMap map, IList<V1KeyToPath> items, string file)
    {
        var key = file.Replace('/', '.');
        return
        [
            .. Unless(map.Data.TryGetValue(key, out var text) && text == File.ReadAllText(Path.Combine(Repository.Root, "cluster-config", file)), $"ConfigMap/{map.Metadata.Name}: {key} is not cluster-config/{file} as it is in the repository; change the file, not the copy"),
            .. Unless(items.Any(i => i.Key == key && i.Path == file), $"{w.Title}: volume cluster-config has no item {{ key: {key}, path: {file} }}; add it"),
        ];
    }
}
