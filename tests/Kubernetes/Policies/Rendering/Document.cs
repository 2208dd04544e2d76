using Inspection.Kubernetes.Tests.Policies.Rendering.Custom;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Inspection.Kubernetes.Tests.Policies.Rendering;

/// <summary>One rendered object: its text, its tree, and the type it has in the API.</summary>
internal sealed class Document
{
    private static readonly Dictionary<string, Type> CustomTypes = new()
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["monitoring.coreos.com/v1/PodMonitor"] = typeof(PodMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
    };

    private readonly Lazy<IKubernetesObject<V1ObjectMeta>> _object;

    public Document(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        (Text, Root) = (text, (YamlMappingNode)stream.Documents.Single().RootNode);
        _object = new(() => (IKubernetesObject<V1ObjectMeta>)Read(strict: false));
    }

    public string Text { get; }

    public YamlMappingNode Root { get; }

    public string Kind => Scalar(Root, "kind") ?? "?";

    public string Name => Root.Children.TryGetValue("metadata", out var metadata) && metadata is YamlMappingNode map ? Scalar(map, "name") ?? "?" : "?";

    public string Title => $"{Kind}/{Name}";

    public IKubernetesObject<V1ObjectMeta> Object => _object.Value;

    /// <summary>Strict: an unknown field, a field given twice and a wrong type are exceptions.</summary>
    public object Read(bool strict) => KubernetesYaml.LoadAllFromString(Text, CustomTypes, strict).Single();

    public static string? Scalar(YamlMappingNode map, string key) => map.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;
}
