using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>What one kustomization renders to. Rendered once a path; a mutated text is parsed on its own.</summary>
internal sealed class Manifests
{
    public const string Base = "base";
    public const string Local = "local";
    public const string Plant = "plant";

    /// <summary>The overlay plant with components/scaling-hpa in the place of components/scaling-keda.</summary>
    public const string PlantWithHpa = "plant-hpa";

    private static readonly ConcurrentDictionary<string, Manifests> Rendered = new();

    private readonly Lazy<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> _objects;
    private readonly Lazy<IReadOnlyList<Workload>> _workloads;

    private Manifests(string name, string text)
    {
        (Name, Text) = (name, text);
        Documents = [.. Split(text).Select(t => new Document(t))];
        _objects = new(() => [.. Documents.Select(d => d.Object)]);
        _workloads = new(() => [.. _objects.Value.Select(Workload.Of).OfType<Workload>()]);
    }

    public static IReadOnlyList<string> Overlays { get; } = [Local, Plant, PlantWithHpa];

    public string Name { get; }

    /// <summary>The folder below k8s/overlays that these come from.</summary>
    public string Overlay => IsPlant ? Plant : Name;

    public bool IsPlant => Name is Plant or PlantWithHpa;

    public string Text { get; }

    public IReadOnlyList<Document> Documents { get; }

    public IReadOnlyList<Workload> Workloads => _workloads.Value;

    public IEnumerable<Workload> Members => Workloads.Where(w => w.IsMember);

    public static Manifests Of(string name) => Rendered.GetOrAdd(name, n => Parse(n, n switch
    {
        Base => Kustomize.Render(Folder("base")),
        PlantWithHpa => RenderWithHpa(),
        _ => Kustomize.Render(Folder(Path.Combine("overlays", n))),
    }));

    public static Manifests Parse(string name, string text) => new(name, text);

    public static string Folder(string relative) => Path.Combine(Repository.Root, "k8s", relative);

    public IEnumerable<T> All<T>()
        where T : IKubernetesObject<V1ObjectMeta> => _objects.Value.OfType<T>();

    public T? Find<T>(string? name)
        where T : class, IKubernetesObject<V1ObjectMeta> => All<T>().FirstOrDefault(o => o.Metadata.Name == name);

    public Workload? Role(string role) => Workloads.FirstOrDefault(w => w.Role == role);

    /// <summary>The ConfigMap behind the volume of a pod; null where there is none.</summary>
    public V1ConfigMap? ConfigMapOf(Workload workload, string volume) =>
        Find<V1ConfigMap>(workload.Pod.Volumes?.FirstOrDefault(v => v.Name == volume)?.ConfigMap?.Name);

    private static IEnumerable<string> Split(string text) => text.Split("\n---\n").Where(t => !string.IsNullOrWhiteSpace(t));

    /// <summary>The swap that the overlay's comment offers, made in a copy.</summary>
    private static string RenderWithHpa()
    {
        using var copy = new Scratch();
        _ = copy.Copy(Folder("."), "k8s");
        _ = copy.Copy(Path.Combine(Repository.Root, "cluster-config"), "cluster-config");
        var file = copy["k8s/overlays/plant/kustomization.yaml"];
        var text = File.ReadAllText(file);
        var swapped = text.Replace("components/scaling-keda", "components/scaling-hpa", StringComparison.Ordinal);
        File.WriteAllText(file, swapped != text ? swapped : throw new InvalidOperationException("k8s/overlays/plant/kustomization.yaml names no components/scaling-keda to be swapped"));
        return Kustomize.Render(copy["k8s/overlays/plant"]);
    }
}
