using System.Text;
using Google.Protobuf;
using Inspection.Protocol;
using Inspection.Vision.Models;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Hostile.Tests.Models;

/// <summary>A whole package around a model of a few hundred weights, so that hundreds of changed ones load in seconds: same files, same checks, same runtime.</summary>
internal static class SmallModel
{
    private const int Side = 64, Patch = 16, Cells = Side / Patch;

    public static void Write(string folder)
    {
        _ = Directory.CreateDirectory(folder);
        var model = Graph().ToByteArray();
        File.WriteAllBytes(Path.Combine(folder, PackageFiles.Model), model);
        File.WriteAllText(Path.Combine(folder, PackageFiles.Manifest), $$"""
            {
              "format": 1,
              "name": "small",
              "stage": "coarse",
              "model_digest": "{{Digest.Of(model)}}",
              "preparation": { "version": "prep-1", "width": {{Side}}, "height": {{Side}}, "channels": 1, "alignment": "none", "aspect": "fixed", "crop": null, "masks": [] },
              "coarse": { "candidate": 0.5, "reject": 1, "clear_limit": 2, "ood": 9, "tolerance": 0.001, "map_height": {{Cells}}, "map_width": {{Cells}} },
              "calibration": { "method": "split", "units": 3, "reject_rate": 0.5, "candidate_rate": 0.5, "scores": [0, 0.25, 0.5] },
              "lineage": { "made": "by a test" }
            }
            """);
        var random = new Random(1);
        var tensors = Enumerable.Range(0, 2).Select(_ =>
        {
            var pixels = new byte[Side * Side];
            random.NextBytes(pixels);
            return (pixels, Side, Side, 1);
        }).ToList();
        GoldenVectors.Write(folder, tensors);
    }

    /// <summary>uint8 [N, side, side, 1], cast, one convolution, and what a coarse model answers.</summary>
    private static ModelProto Graph()
    {
        var graph = new GraphProto { Name = "small" };
        NodeProto Node(string type, string output, params string[] inputs)
        {
            var node = new NodeProto { OpType = type, Output = { output }, Input = { inputs }, Name = output };
            graph.Node.Add(node);
            return node;
        }

        Node("Cast", "float", "input").Attribute.Add(Int("to", (long)TensorProto.Types.DataType.Float));
        Node("Transpose", "nchw", "float").Attribute.Add(Ints("perm", 0, 3, 1, 2));
        Node("Conv", "cells", "nchw", "weights").Attribute.Add(Ints("strides", Patch, Patch));
        _ = Node("Reshape", "anomaly_map", "cells", "shape");
        Node("ReduceMax", "score", "anomaly_map").Attribute.Add([Ints("axes", 1, 2), Int("keepdims", 0)]);
        Node("ReduceMean", "ood", "anomaly_map").Attribute.Add([Ints("axes", 1, 2), Int("keepdims", 0)]);
        var weights = Enumerable.Range(0, Patch * Patch).SelectMany(i => BitConverter.GetBytes((float)Math.Sin(i) / (255 * Patch)));
        graph.Initializer.Add(new TensorProto { Name = "weights", DataType = (int)TensorProto.Types.DataType.Float, Dims = { 1, 1, Patch, Patch }, RawData = ByteString.CopyFrom([.. weights]) });
        graph.Initializer.Add(new TensorProto { Name = "shape", DataType = (int)TensorProto.Types.DataType.Int64, Dims = { 3 }, RawData = ByteString.CopyFrom([.. new long[] { -1, Cells, Cells }.SelectMany(BitConverter.GetBytes)]) });
        graph.Input.Add(Value("input", TensorProto.Types.DataType.Uint8, Side, Side, 1));
        graph.Output.Add(Value("score", TensorProto.Types.DataType.Float));
        graph.Output.Add(Value("anomaly_map", TensorProto.Types.DataType.Float, Cells, Cells));
        graph.Output.Add(Value("ood", TensorProto.Types.DataType.Float));
        return new ModelProto { IrVersion = 8, Graph = graph, OpsetImport = { new OperatorSetIdProto { Version = 13 } } };
    }

    /// <summary>The first dimension is free.</summary>
    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params long[] dims)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" } } };
        shape.Dim.Add(dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };
}
