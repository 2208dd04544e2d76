using Google.Protobuf;
using Inspection.Learning.Onnx;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Learning.Backbones;

/// <summary>Makes a trunk of any image size out of a trained classifier's graph.</summary>
internal static class TrunkRewriter
{
    /// <summary>The input's name in every trunk.</summary>
    public const string Input = "normalised_image";

    /// <summary>
    /// Drops what the wanted tensors do not need, folds BatchNorm into the convolution before it (in double), makes asymmetric padding
    /// symmetric (k/2 on all sides: what the training framework computed, and the only form that fits odd sizes), renames the wanted tensors.
    /// </summary>
    public static GraphProto Rewrite(GraphProto source, string input, IEnumerable<(string Tensor, string Name)> maps)
    {
        var wanted = maps.ToList();
        var names = wanted.ToDictionary(m => m.Tensor, m => m.Name);
        names[input] = Input;
        var weights = source.Initializer.ToDictionary(t => t.Name);
        var nodes = NeededFor(source, [.. wanted.Select(m => m.Tensor)]);
        var users = nodes.SelectMany(n => n.Input).CountBy(i => i).ToDictionary();
        var producers = nodes.SelectMany(n => n.Output.Select(o => (o, n))).ToDictionary();
        var trunk = new GraphProto();
        foreach (var node in nodes.Where(n => !IsFolded(n, nodes, users, names)))
        {
            var copy = node.Clone();
            if (copy.OpType == "BatchNormalization" && producers.TryGetValue(copy.Input[0], out var conv) && conv.OpType == "Conv" && users[copy.Input[0]] == 1)
            {
                copy = BatchNormFolding.Fold(conv, node, weights, trunk);
            }
            else
            {
                trunk.Initializer.AddRange(copy.Input.Where(weights.ContainsKey).Distinct().Where(i => trunk.Initializer.All(t => t.Name != i)).Select(i => Copy(weights[i])));
            }

            Clean(copy);
            Rename(copy.Input, names);
            Rename(copy.Output, names);
            trunk.Node.Add(copy);
        }

        trunk.Input.Add(new ValueInfoProto { Name = Input });
        trunk.Output.AddRange(wanted.Select(m => new ValueInfoProto { Name = m.Name }));
        return trunk;
    }

    /// <summary>The nodes the tensors depend on, in the graph's own (topological) order.</summary>
    public static List<NodeProto> NeededFor(GraphProto graph, IReadOnlyCollection<string> tensors)
    {
        var needed = tensors.ToHashSet();
        var nodes = new List<NodeProto>();
        foreach (var node in graph.Node.Reverse())
        {
            if (node.Output.Any(needed.Contains))
            {
                needed.UnionWith(node.Input);
                nodes.Add(node);
            }
        }

        nodes.Reverse();
        return nodes;
    }

    private static bool IsFolded(NodeProto node, List<NodeProto> nodes, Dictionary<string, int> users, Dictionary<string, string> names) => node.OpType == "Conv"
        && users.GetValueOrDefault(node.Output[0]) == 1 && !names.ContainsKey(node.Output[0])
        && nodes.Any(n => n.OpType == "BatchNormalization" && n.Input[0] == node.Output[0]);

    private static void Clean(NodeProto node)
    {
        if (node.OpType is "Add" or "Relu" or "Mul" or "Sub" or "Div")
        {
            // Attributes of opset 6 and before (axis, broadcast), which opset 13 does not know.
            node.Attribute.Clear();
        }

        var kernel = node.Attribute.FirstOrDefault(a => a.Name == "kernel_shape");
        var pads = node.Attribute.FirstOrDefault(a => a.Name == "pads");
        if (node.OpType is "Conv" or "MaxPool" && kernel is not null && pads is { Ints.Count: 4 } && (pads.Ints[0] != pads.Ints[2] || pads.Ints[1] != pads.Ints[3]))
        {
            pads.Ints.Clear();
            pads.Ints.AddRange([kernel.Ints[0] / 2, kernel.Ints[1] / 2, kernel.Ints[0] / 2, kernel.Ints[1] / 2]);
        }
    }

    private static TensorProto Copy(TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Float
        ? TensorData.Of(tensor.Name, TensorData.Floats(tensor), tensor.Dims)
        : tensor.Clone();

    private static void Rename(IList<string> list, Dictionary<string, string> names)
    {
        for (var i = 0; i < list.Count; i++)
        {
            list[i] = names.GetValueOrDefault(list[i], list[i]);
        }
    }
}
