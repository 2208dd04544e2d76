using Google.Protobuf;
using Inspection.Learning.Onnx;
using Inspection.Protocol;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Learning.Backbones;

/// <summary>
/// A frozen network with named feature maps, free of any fixed image size, BatchNorm folded into the convolutions. It is a part list for
/// an <see cref="OnnxGraph"/>: <see cref="AppendTo"/> writes what the wanted maps need behind a uint8 input.
/// </summary>
public sealed class Backbone
{
    private readonly GraphProto _graph;
    private readonly InputNormalisation _input;

    private Backbone(string name, Digest digest, GraphProto graph, InputNormalisation input)
    {
        Name = name;
        Digest = digest;
        _graph = graph;
        _input = input;
    }

    /// <summary>For the lineage: file name without extension.</summary>
    public string Name { get; }

    /// <summary>Of the source file.</summary>
    public Digest Digest { get; }

    /// <summary>Names of the feature maps, shallow first.</summary>
    public IReadOnlyList<string> Maps => [.. _graph.Output.Select(o => o.Name)];

    /// <summary>The ResNet-18 that is copied beside the program, or the file given.</summary>
    /// <exception cref="BackboneException">No such file, no ONNX, or no named feature maps.</exception>
    public static Backbone Open(string? file = null) => file is null ? PackagedResNet.Open() : FromFile(file);

    /// <summary>Any ONNX network with one image input [N, 3, H, W] whose graph outputs of rank 4 are the feature maps.</summary>
    public static Backbone FromFile(string file, InputNormalisation? input = null)
    {
        var (model, digest) = Read(file);
        var weights = model.Graph.Initializer.Select(t => t.Name).ToHashSet();
        var inputs = model.Graph.Input.Where(i => !weights.Contains(i.Name)).ToList();
        var dims = inputs.Count == 1 ? inputs[0].Type?.TensorType?.Shape?.Dim : null;
        if (dims is not { Count: 4 } || dims[1].DimValue is not (0 or 3))
        {
            throw new BackboneException($"{file}: a backbone has one image input [N, 3, H, W]; this one has {Describe(inputs)}");
        }

        if (dims[2].DimValue > 0 || dims[3].DimValue > 0)
        {
            throw new BackboneException($"{file}: input {inputs[0].Name} has the fixed size {dims[3].DimValue} x {dims[2].DimValue}; export it with free height and width");
        }

        return new Backbone(Path.GetFileNameWithoutExtension(file), digest, TrunkRewriter.Rewrite(model.Graph, inputs[0].Name, model.Graph.Output.Select(o => (o.Name, o.Name))), input ?? InputNormalisation.Beside(file));
    }

    /// <summary>
    /// Writes Cast, layout, normalisation and the layers that <paramref name="maps"/> need. The mean is subtracted before the first
    /// convolution, as its zero padding needs; scale and colour order are folded into that convolution's weights, for a grey input over
    /// all three channels.
    /// </summary>
    /// <param name="graph">Where to.</param>
    /// <param name="image">uint8 tensor [N, height, width, channels].</param>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <param name="maps">Wanted feature maps.</param>
    /// <returns>Tensor names of the maps, each [N, c, h, w] float, in the order asked.</returns>
    public IReadOnlyList<string> AppendTo(OnnxGraph graph, string image, int channels, IReadOnlyList<string> maps)
    {
        foreach (var map in maps.Where(m => !Maps.Contains(m)))
        {
            throw new BackboneException($"backbone {Name} has no feature map \"{map}\"; it has {string.Join(", ", Maps)}");
        }

        var entry = InputFolding.Append(graph, image, channels, _input, _graph);
        var nodes = TrunkRewriter.NeededFor(_graph, maps);
        var needed = nodes.SelectMany(n => n.Input).ToHashSet();
        foreach (var tensor in _graph.Initializer.Where(t => needed.Contains(t.Name) && t.Name != entry.ReplacedWeight))
        {
            graph.Add(tensor);
        }

        foreach (var node in nodes)
        {
            graph.Add(entry.Redirect(node));
        }

        return maps;
    }

    internal static Backbone Create(string name, Digest digest, GraphProto graph, InputNormalisation input) => new(name, digest, graph, input);

    internal static (ModelProto Model, Digest Digest) Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new BackboneException($"{Path.GetFullPath(file)}: no such file; give an ONNX backbone, or leave --backbone out for the packaged ResNet-18");
        }

        var bytes = File.ReadAllBytes(file);
        try
        {
            var model = ModelProto.Parser.ParseFrom(bytes);
            return model.Graph is { Node.Count: > 0 } ? (model, Digest.Of(bytes)) : throw new BackboneException($"{file}: this is no ONNX model (it has no nodes)");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new BackboneException($"{file}: this is no ONNX model, or it is truncated: {e.Message}", e);
        }
    }

    private static string Describe(List<ValueInfoProto> inputs) => inputs.Count == 0
        ? "none"
        : string.Join(", ", inputs.Select(i => $"{i.Name} [{string.Join(", ", (i.Type?.TensorType?.Shape?.Dim ?? []).Select(d => d.HasDimValue ? $"{d.DimValue}" : d.DimParam))}]"));
}
