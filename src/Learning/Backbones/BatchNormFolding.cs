using Inspection.Learning.Onnx;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Learning.Backbones;

internal static class BatchNormFolding
{
    /// <summary>
    /// One convolution that does what convolution and normalisation did: w' = w * g / sqrt(var + eps), b' = beta + (b - mean) * g / sqrt(var + eps),
    /// in double, stored as float. The new weights go into <paramref name="trunk"/>.
    /// </summary>
    public static NodeProto Fold(NodeProto convolution, NodeProto normalisation, Dictionary<string, TensorProto> weights, GraphProto trunk)
    {
        var weight = weights[convolution.Input[1]];
        var values = TensorData.Floats(weight);
        var bias = convolution.Input.Count > 2 ? TensorData.Floats(weights[convolution.Input[2]]) : null;
        var gain = TensorData.Floats(weights[normalisation.Input[1]]);
        var shift = TensorData.Floats(weights[normalisation.Input[2]]);
        var mean = TensorData.Floats(weights[normalisation.Input[3]]);
        var variance = TensorData.Floats(weights[normalisation.Input[4]]);
        var epsilon = normalisation.Attribute.FirstOrDefault(a => a.Name == "epsilon")?.F ?? 1e-5f;
        var perFilter = values.Length / gain.Length;
        var folded = new float[gain.Length];
        for (var o = 0; o < gain.Length; o++)
        {
            var scale = gain[o] / Math.Sqrt((double)variance[o] + epsilon);
            folded[o] = (float)(shift[o] + (((bias?[o] ?? 0.0) - mean[o]) * scale));
            foreach (ref var w in values.AsSpan(o * perFilter, perFilter))
            {
                w = (float)(w * scale);
            }
        }

        var name = convolution.Output[0];
        trunk.Initializer.Add(TensorData.Of(name + "/weight", values, weight.Dims));
        trunk.Initializer.Add(TensorData.Of(name + "/bias", folded, [gain.Length]));
        var node = convolution.Clone();
        node.Input.Clear();
        node.Input.AddRange([convolution.Input[0], name + "/weight", name + "/bias"]);
        node.Output[0] = normalisation.Output[0];
        return node;
    }
}
