using Google.Protobuf;
using Inspection.Protocol;
using Inspection.Vision.Models.Onnx;
using Inspection.Vision.Preparing;

namespace Inspection.Vision.Models;

/// <summary>What a package's ONNX file must be, read from the file itself before any runtime sees it.</summary>
internal static class ModelStructure
{
    public const string Input = "input";
    public const string Score = "score";
    public const string Map = "anomaly_map";
    public const string Ood = "ood";
    public const string Probabilities = "probabilities";

    private const string Remedy = "Fit or import the model again";

    public static void Check(string directory, byte[] onnx, PackageManifest manifest)
    {
        var model = Parse(directory, onnx);
        Refuse(directory, model);
        var weights = model.Graph.Initializer.Select(t => t.Name).ToHashSet();
        var inputs = model.Graph.Input.Where(i => !weights.Contains(i.Name)).ToList();
        if (inputs.Count != 1)
        {
            throw new PackageException(directory, $"{PackageFiles.Model} has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => i.Name))}), one is wanted", Remedy);
        }

        var preparation = manifest.Preparation;
        var free = preparation.Aspect == AspectRule.Frame;
        Require(directory, inputs, Input, TensorProto.Types.DataType.Uint8, [0, free ? 0 : preparation.Height, free ? 0 : preparation.Width, preparation.Channels]);
        if (manifest.Stage == ModelStage.Coarse)
        {
            Require(directory, model.Graph.Output, Score, TensorProto.Types.DataType.Float, [0]);
            Require(directory, model.Graph.Output, Map, TensorProto.Types.DataType.Float, [0, manifest.Coarse!.MapHeight, manifest.Coarse.MapWidth]);
            Require(directory, model.Graph.Output, Ood, TensorProto.Types.DataType.Float, [0]);
        }
        else
        {
            Require(directory, model.Graph.Output, Probabilities, TensorProto.Types.DataType.Float, [0, manifest.Verifier!.Classes.Count]);
        }
    }

    private static ModelProto Parse(string directory, byte[] onnx)
    {
        try
        {
            var model = ModelProto.Parser.ParseFrom(onnx);
            return model.Graph is { Node.Count: > 0 } ? model : throw new PackageException(directory, $"{PackageFiles.Model} is no ONNX model: it has no nodes", Remedy);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new PackageException(directory, $"{PackageFiles.Model} is no ONNX model, or it is truncated ({onnx.Length} bytes): {e.Message.TrimEnd('.')}", Remedy, e);
        }
    }

    private static void Refuse(string directory, ModelProto model)
    {
        static bool IsStandard(string domain) => domain is "" or "ai.onnx";
        var custom = model.OpsetImport.Select(o => o.Domain).FirstOrDefault(d => !IsStandard(d)) ?? AllNodes(model.Graph).Select(n => n.Domain).FirstOrDefault(d => !IsStandard(d));
        if (custom is not null || model.Functions.Count > 0)
        {
            throw new PackageException(directory, $"{PackageFiles.Model} uses {(custom is null ? "model-local functions" : $"operators of the domain \"{custom}\"")}; packages use standard ONNX operators only, so that no foreign code runs", "Export the model with standard operators");
        }

        var tensors = AllNodes(model.Graph).SelectMany(n => n.Attribute).SelectMany(a => a.T is null ? a.Tensors : a.Tensors.Append(a.T)).Concat(AllGraphs(model.Graph).SelectMany(g => g.Initializer));
        if (tensors.FirstOrDefault(t => t.ExternalData.Count > 0 || t.DataLocation == TensorProto.Types.DataLocation.External) is { } external)
        {
            throw new PackageException(directory, $"{PackageFiles.Model} keeps tensor {external.Name} in another file, which neither digest nor signature would cover as the runtime reads it", "Export the model with all weights inside the file");
        }
    }

    private static IEnumerable<GraphProto> AllGraphs(GraphProto graph) => graph.Node
        .SelectMany(n => n.Attribute).SelectMany(a => a.G is null ? a.Graphs : a.Graphs.Append(a.G)).SelectMany(AllGraphs).Prepend(graph);

    private static IEnumerable<NodeProto> AllNodes(GraphProto graph) => AllGraphs(graph).SelectMany(g => g.Node);

    /// <param name="dims">Wanted sizes; 0 stands for a free dimension.</param>
    private static void Require(string directory, IReadOnlyCollection<ValueInfoProto> values, string name, TensorProto.Types.DataType type, ReadOnlySpan<long> dims)
    {
        var value = values.FirstOrDefault(v => v.Name == name)
            ?? throw new PackageException(directory, $"{PackageFiles.Model} has no {(name == Input ? "input" : "output")} \"{name}\"; it has {string.Join(", ", values.Select(v => v.Name))}", Remedy);
        var tensor = value.Type?.TensorType;
        var shape = tensor?.Shape?.Dim.Select(d => d.DimValue).ToArray() ?? [];
        if (tensor?.ElemType != (int)type || !shape.AsSpan().SequenceEqual(dims))
        {
            static string Show(ReadOnlySpan<long> dims) => $"[{string.Join(", ", dims.ToArray().Select(d => d == 0 ? "N" : $"{d}"))}]";
            throw new PackageException(directory, $"{PackageFiles.Model}: \"{name}\" is {(TensorProto.Types.DataType)(tensor?.ElemType ?? 0)} {Show(shape)}, {PackageFiles.Manifest} says {type} {Show(dims)}", Remedy);
        }
    }
}
