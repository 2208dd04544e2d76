using Inspection.Learning.Backbones;
using Inspection.Learning.Onnx;
using Inspection.Vision.Preparing;
using static Inspection.Vision.Models.Onnx.TensorProto.Types.DataType;

namespace Inspection.Learning.Fitting;

/// <summary>Writes the coarse detector as ONNX: uint8 image in; patch features, or score, map and out-of-distribution score out.</summary>
internal static class CoarseGraph
{
    private const string InputName = "input";
    private const float Tiny = 1e-12f;

    /// <summary>
    /// Outputs <c>features</c> [N, C, h, w] (pooled, joined) and <c>pooled</c> [N, G]: the global average of the deepest map.
    /// </summary>
    public static byte[] Features(Backbone backbone, PreparationSpec spec, IReadOnlyList<string> maps)
    {
        var graph = new OnnxGraph("features");
        var (features, pooled) = Append(graph, backbone, spec, maps);
        _ = graph.Op("Identity", [features], "features");
        _ = graph.Op("Identity", [pooled], "pooled");
        graph.Output("features", Float, "N", "C", "h", "w");
        graph.Output("pooled", Float, "N", "G");
        return graph.ToBytes();
    }

    /// <summary>
    /// The whole detector: outputs score [N], anomaly_map [N, mapHeight, mapWidth] and ood [N]. Where frames keep their aspect the map is
    /// brought to its fixed size bilinearly; the score is taken before that. Both have the residual's vote in them.
    /// </summary>
    public static byte[] Detector(Backbone backbone, PreparationSpec spec, IReadOnlyList<string> maps, PatchBank bank, OodModel ood, ResidualVote vote, int top, (int Height, int Width) map)
    {
        var graph = new OnnxGraph("coarse");
        var (features, pooled) = Append(graph, backbone, spec, maps);
        var distances = graph.Op("Add", [Distances(graph, features, bank), Vote(graph, Residual(graph, pooled, ood), vote)], "voted");
        var flat = graph.Op("Flatten", [distances], "distances_flat", ("axis", 1));
        var largest = graph.Op("TopK", [flat, graph.Longs("top", top)], ["largest", "largest_at"], ("axis", 1))[0];
        _ = graph.Op("ReduceMean", [largest], "score", ("axes", new long[] { 1 }), ("keepdims", 0));
        var resized = spec.Aspect == AspectRule.Fixed
            ? distances
            : graph.Op("Resize", [distances, "", "", graph.Op("Concat", [FirstDims(graph, distances, 2), graph.Longs("map_size", map.Height, map.Width)], "map_sizes", ("axis", 0))], "map_resized", ("mode", "linear"));
        _ = graph.Op("Squeeze", [resized, graph.Longs("one", 1)], "anomaly_map");
        graph.Output("score", Float, "N");
        graph.Output("anomaly_map", Float, "N", map.Height, map.Width);
        graph.Output("ood", Float, "N");
        return graph.ToBytes();
    }

    /// <summary>The backbone and nothing else, at a fixed size: what <see cref="BackboneTimer"/> times.</summary>
    public static byte[] Bare(Backbone backbone, int width, int height, int channels, IReadOnlyList<string> maps)
    {
        var graph = new OnnxGraph("backbone");
        var image = graph.Input(InputName, Uint8, "N", height, width, channels);
        foreach (var map in backbone.AppendTo(graph, image, channels, maps))
        {
            graph.Output(map, Float, "N", $"{map}_c", $"{map}_h", $"{map}_w");
        }

        return graph.ToBytes();
    }

    private static (string Features, string Pooled) Append(OnnxGraph graph, Backbone backbone, PreparationSpec spec, IReadOnlyList<string> maps)
    {
        var free = spec.Aspect == AspectRule.Frame;
        var image = graph.Input(InputName, Uint8, "N", free ? "H" : spec.Height, free ? "W" : spec.Width, spec.Channels);
        var tensors = backbone.AppendTo(graph, image, spec.Channels, maps);
        var parts = new List<string>();
        for (var i = 0; i < tensors.Count; i++)
        {
            // A map of twice the resolution is brought onto the deepest one's grid.
            var part = Average(graph, tensors[i], $"average_{i}", 3, 1, 1);
            parts.Add(i == tensors.Count - 1 ? part : Average(graph, part, $"halved_{i}", 2, 2, 0));
        }

        var features = parts.Count == 1 ? parts[0] : graph.Op("Concat", parts.ToArray(), "joined", ("axis", 1));
        return (features, graph.Op("Flatten", [graph.Op("GlobalAveragePool", [tensors[^1]], "global")], "global_flat", ("axis", 1)));
    }

    /// <summary>
    /// [N, 1, h, w]: |y - b|^2 + rest^2 = |z - mean|^2 + (|b|^2 - 2 b y), the bracket for all bank entries at once as one matrix product whose
    /// last column is |b|^2 against a row of ones (<see cref="PatchBank"/>).
    /// </summary>
    private static string Distances(OnnxGraph graph, string features, PatchBank bank)
    {
        var pca = bank.Projection;
        var square = graph.Op("ReduceSumSquare", [features], "square", ("axes", new long[] { 1 }), ("keepdims", 1));
        var length = graph.Op("Sqrt", [graph.Op("Add", [square, graph.Floats("median", [bank.Median], 1)], "length_square")], "length");
        var scale = graph.Op("Reciprocal", [length], "scale");
        var scaled = graph.Op("Mul", [features, scale], "scaled");
        var centred = graph.Op("Sub", [scaled, graph.Floats("patch_mean", pca.Mean, pca.Width, 1, 1)], "patch_centred");
        var point = graph.Op("Conv", [centred, graph.Floats("projection", pca.Rows, pca.Components, pca.Width, 1, 1)], "point");
        var rows = graph.Op("Reshape", [point, graph.Longs("rows_shape", 0, pca.Components, -1)], "rows");
        var padded = graph.Op("Pad", [rows, graph.Longs("row_of_ones", 0, 0, 0, 0, 1, 0), graph.Floats("unit", [1f])], "rows_and_ones");
        var products = graph.Op("MatMul", [graph.Floats("bank", Augmented(bank), bank.Size, pca.Components + 1), padded], "products");
        var least = graph.Op("ReduceMin", [products], "least", ("axes", new long[] { 1 }), ("keepdims", 1));
        var shape = graph.Op("Shape", [square], "grid");
        var own = graph.Op("ReduceSumSquare", [centred], "own", ("axes", new long[] { 1 }), ("keepdims", 1));
        var nearest = graph.Op("Add", [graph.Op("Reshape", [least, shape], "least_on_grid"), own], "nearest_square");
        return graph.Op("Sqrt", [graph.Op("Relu", [nearest], "nearest_positive")], "distances");
    }

    /// <summary>DFM: length of what the principal components of good images' global features leave over, over its typical length.</summary>
    private static string Residual(OnnxGraph graph, string pooled, OodModel ood)
    {
        var (width, components) = (ood.Components.Width, ood.Components.Components);
        var transposed = new float[width * components];
        for (var k = 0; k < components; k++)
        {
            for (var j = 0; j < width; j++)
            {
                transposed[(j * components) + k] = ood.Components.Rows[(k * width) + j];
            }
        }

        var centred = graph.Op("Sub", [pooled, graph.Floats("global_mean", ood.Components.Mean, width)], "global_centred");
        var codes = graph.Op("MatMul", [centred, graph.Floats("global_components", transposed, width, components)], "global_codes");
        var back = graph.Op("MatMul", [codes, graph.Floats("global_components_back", ood.Components.Rows, components, width)], "global_back");
        var rest = graph.Op("ReduceSumSquare", [graph.Op("Sub", [centred, back], "global_rest")], "global_rest_square", ("axes", new long[] { 1 }), ("keepdims", 0));
        var root = graph.Op("Sqrt", [graph.Op("Add", [rest, graph.Floats("tiny", [Tiny], 1)], "global_rest_positive")], "global_rest_length");
        return graph.Op("Div", [root, graph.Floats("typical", [ood.Typical], 1)], "ood");
    }

    /// <summary>[N, 1, 1, 1]: what is added to every patch distance of an image.</summary>
    private static string Vote(OnnxGraph graph, string residual, ResidualVote vote)
    {
        var above = graph.Op("Sub", [residual, graph.Floats("vote_centre", [vote.Centre], 1)], "residual_above");
        return graph.Op("Reshape", [graph.Op("Mul", [above, graph.Floats("vote_weight", [vote.Weight], 1)], "vote_flat"), graph.Longs("vote_shape", -1, 1, 1, 1)], "vote");
    }

    private static string FirstDims(OnnxGraph graph, string tensor, int count) =>
        graph.Op("Slice", [graph.Op("Shape", [tensor], "dims"), graph.Longs("from", 0), graph.Longs("to", count)], "first_dims");

    private static float[] Augmented(PatchBank bank)
    {
        var k = bank.Projection.Components;
        var rows = new float[bank.Size * (k + 1)];
        for (var m = 0; m < bank.Size; m++)
        {
            var entry = bank.Bank.AsSpan(m * k, k);
            Simd.AddScaled(rows.AsSpan(m * (k + 1), k), entry, -2);
            rows[(m * (k + 1)) + k] = Simd.Dot(entry, entry);
        }

        return rows;
    }

    private static string Average(OnnxGraph graph, string tensor, string name, int kernel, int stride, int pad) => graph.Op(
        "AveragePool", [tensor], name, ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }));
}
