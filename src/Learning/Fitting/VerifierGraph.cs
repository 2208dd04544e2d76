using Inspection.Learning.Backbones;
using Inspection.Learning.Onnx;
using static Inspection.Vision.Models.Onnx.TensorProto.Types.DataType;

namespace Inspection.Learning.Fitting;

/// <summary>Writes the verifier as ONNX: uint8 crops in; pooled features, or class probabilities out.</summary>
internal static class VerifierGraph
{
    /// <summary>Output <c>features</c> [N, F]: mean and maximum of the last map, mean of each earlier one.</summary>
    public static byte[] Features(Backbone backbone, int side, int channels, IReadOnlyList<string> maps)
    {
        var graph = new OnnxGraph("crop_features");
        _ = graph.Op("Identity", [Append(graph, backbone, side, channels, maps)], "features");
        graph.Output("features", Float, "N", "F");
        return graph.ToBytes();
    }

    /// <summary>Output <c>probabilities</c> [N, classes].</summary>
    public static byte[] Verifier(Backbone backbone, int side, int channels, IReadOnlyList<string> maps, LogisticRegression head)
    {
        var graph = new OnnxGraph("verifier");
        var features = Append(graph, backbone, side, channels, maps);
        var weights = graph.Floats("class_weights", head.Weights, head.Classes, head.Width);
        var scores = graph.Op("Gemm", [features, weights, graph.Floats("class_bias", head.Bias, head.Classes)], "class_scores", ("transB", 1));
        _ = graph.Op("Softmax", [scores], "probabilities", ("axis", 1));
        graph.Output("probabilities", Float, "N", head.Classes);
        return graph.ToBytes();
    }

    private static string Append(OnnxGraph graph, Backbone backbone, int side, int channels, IReadOnlyList<string> maps)
    {
        var image = graph.Input("input", Uint8, "N", side, side, channels);
        var tensors = backbone.AppendTo(graph, image, channels, maps);
        var parts = tensors.Select((t, i) => graph.Op("GlobalAveragePool", [t], $"mean_{i}")).Append(graph.Op("GlobalMaxPool", [tensors[^1]], "maximum")).ToArray();
        return graph.Op("Flatten", [graph.Op("Concat", parts, "pooled", ("axis", 1))], "crop", ("axis", 1));
    }
}
