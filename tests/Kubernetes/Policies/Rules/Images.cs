using Inspection.Kubernetes.Tests.Policies.Rendering;
using YamlDotNet.RepresentationModel;
using static Inspection.Kubernetes.Tests.Policies.Rules.Violation;

namespace Inspection.Kubernetes.Tests.Policies.Rules;

/// <summary>A tag says which build runs, and one place (the overlay's kustomization.yaml) says it for all pods of the program.</summary>
internal static class Images
{
    private const string Cpu = "inspection";
    private const string Gpu = "inspection-gpu";

    public static IEnumerable<string> Check(Manifests manifests)
    {
        var chosen = Chosen(manifests.Overlay);
        return manifests.Workloads.SelectMany(w => w.Containers.SelectMany(c =>
            OfTag(w.At(c), c.Image).Concat(c.Name == Workload.ContainerName ? OfChoice(w.At(c), c.Image, Expected(w, chosen)) : [])));
    }

    private static IEnumerable<string> OfTag(string at, string? image)
    {
        var name = image?.Split('/')[^1] ?? "";
        return
        [
            .. Unless(name.Contains(':', StringComparison.Ordinal), $"{at}: image {Text.Or(image)} has no tag; name a version"),
            .. Unless(!name.EndsWith(":latest", StringComparison.Ordinal), $"{at}: image {image} has the tag latest; name a version"),
        ];
    }

    private static IEnumerable<string> OfChoice(string at, string? image, string expected) =>
        Unless(image == expected, $"{at}: image is {Text.Or(image)}; the overlay's kustomization.yaml says {expected}");

    private static string Expected(Workload w, Dictionary<string, string> chosen) =>
        w.Role is "detector" or "verifier" && chosen.TryGetValue(Gpu, out var gpu) ? gpu : chosen[Cpu];

    /// <summary>`images` of the overlay: the name in the base to name and tag.</summary>
    private static Dictionary<string, string> Chosen(string overlay)
    {
        var kustomization = new Document(File.ReadAllText(Path.Combine(Manifests.Folder("overlays"), overlay, "kustomization.yaml")));
        var images = (YamlSequenceNode)kustomization.Root.Children["images"];
        return images.Children.Cast<YamlMappingNode>().ToDictionary(i => Document.Scalar(i, "name")!, i => $"{Document.Scalar(i, "newName")}:{Document.Scalar(i, "newTag")}");
    }
}
