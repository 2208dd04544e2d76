using Inspection.Learning.Backbones;
using Inspection.Learning.Onnx;
using static Inspection.Vision.Models.Onnx.TensorProto.Types.DataType;

namespace Inspection.Learning.Fitting;

/// <summary>Writes the coarse detector as ONNX: uint8 image in, patch features or score, map and out-of-distribution score out.</summary>
internal static class CoarseGraph
{
    public const string InputName = "input";

    /// <summary>
    /// Outputs <c>features</c> [N, C, h, w] (pooled, joined) and <c>pooled</c> [N, G]: the global average of the deepest map.
    /// </summary>
    public static byte[] Features(Backbone backbone, (int Height, int Width, int Channels) shape, IReadOnlyList<string> maps)
    {
        var graph = new OnnxGraph("features");
        var (features, pooled) = Append(graph, backbone, shape, maps);
        _ = graph.Op("Identity", [features], "features");
        _ = graph.Op("Identity", [pooled], "pooled");
        graph.Output("features", Float, "N", "C", "h", "w");
        graph.Output("pooled", Float, "N", "G");
        return graph.ToBytes();
    }

    public static (string Features, string Pooled) Append(OnnxGraph graph, Backbone backbone, (int Height, int Width, int Channels) shape, IReadOnlyList<string> maps)
    {
        var image = graph.Input(InputName, Uint8, "N", shape.Height, shape.Width, shape.Channels);
        var tensors = backbone.AppendTo(graph, image, shape, maps);
        var deepest = tensors[^1];
        var parts = new List<string>();
        for (var i = 0; i < tensors.Count; i++)
        {
            var part = Average(graph, tensors[i], $"average_{i}", 3, 1, 1);

            // A map of twice the resolution is brought onto the deepest one's grid.
            parts.Add(i == tensors.Count - 1 ? part : Average(graph, part, $"halved_{i}", 2, 2, 0));
        }

        var features = parts.Count == 1 ? parts[0] : graph.Op("Concat", parts.ToArray(), "joined", ("axis", 1));
        var pooled = graph.Op("Flatten", [graph.Op("GlobalAveragePool", [deepest], "global")], "global_flat", ("axis", 1));
        return (features, pooled);
    }

    private static string Average(OnnxGraph graph, string tensor, string name, int kernel, int stride, int pad) => graph.Op(
        "AveragePool", [tensor], name, ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }));
}
