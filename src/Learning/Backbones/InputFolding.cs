using Inspection.Learning.Onnx;
using Inspection.Vision.Models.Onnx;

namespace Inspection.Learning.Backbones;

/// <summary>How the trunk's first convolution reads the uint8 image.</summary>
/// <param name="Tensor">The tensor that takes the place of the trunk's input.</param>
/// <param name="ReplacedWeight">The first convolution's own weights, replaced by <paramref name="NewWeight"/>.</param>
/// <param name="NewWeight">Weights with scale and colour order folded in.</param>
/// <param name="NewBias">Its bias, with what one grey mean leaves of three colours' means.</param>
internal sealed record InputFolding(string Tensor, string ReplacedWeight, string NewWeight, string NewBias)
{
    /// <summary>Cast to float, channels first, less the mean; everything else goes into the first convolution's weights.</summary>
    public static InputFolding Append(OnnxGraph graph, string image, int channels, InputNormalisation input, GraphProto trunk)
    {
        var first = trunk.Node.Where(n => n.Input.Contains(TrunkRewriter.Input)).ToList();
        if (first is not [{ OpType: "Conv" } conv] || trunk.Initializer.FirstOrDefault(t => t.Name == conv.Input[1]) is not { Dims: [_, 3, _, _] } weight)
        {
            throw new BackboneException("the image input of a backbone must feed exactly one convolution over 3 channels, with its weights in the file");
        }

        var values = TensorData.Floats(weight);
        var filters = (int)weight.Dims[0];
        var area = (int)(weight.Dims[2] * weight.Dims[3]);
        var folded = new float[filters * channels * area];
        var bias = conv.Input.Count > 2 ? TensorData.Floats(trunk.Initializer.First(t => t.Name == conv.Input[2])).ToArray() : new float[filters];
        var grey = input.Mean.Average();
        for (var o = 0; o < filters; o++)
        {
            for (var c = 0; c < 3; c++)
            {
                var to = channels == 1 ? 0 : input.Order == ColourOrder.Rgb ? c : 2 - c;
                for (var k = 0; k < area; k++)
                {
                    bias[o] += channels == 1 ? values[(((o * 3) + c) * area) + k] / input.Std[c] * (grey - input.Mean[c]) : 0;
                    folded[(((o * channels) + to) * area) + k] += values[(((o * 3) + c) * area) + k] / input.Std[c];
                }
            }
        }

        var name = graph.Floats("first_convolution", folded, filters, channels, weight.Dims[2], weight.Dims[3]);
        var pixels = graph.Op("Cast", [image], "pixels", ("to", (int)TensorProto.Types.DataType.Float));
        var planes = graph.Op("Transpose", [pixels], "planes", ("perm", new long[] { 0, 3, 1, 2 }));
        return new InputFolding(graph.Op("Sub", [planes, Mean(graph, channels, input)], "centred"), conv.Input[1], name, graph.Floats("first_bias", bias, filters));
    }

    /// <summary>The node, with the folded input and weights where it is the first convolution.</summary>
    public NodeProto Redirect(NodeProto node)
    {
        var copy = node.Clone();
        if (copy.Input.Count > 1 && copy.Input[1] == ReplacedWeight)
        {
            while (copy.Input.Count > 2)
            {
                copy.Input.RemoveAt(2);
            }

            copy.Input.Add(NewBias);
        }

        for (var i = 0; i < copy.Input.Count; i++)
        {
            copy.Input[i] = copy.Input[i] == TrunkRewriter.Input ? Tensor : copy.Input[i] == ReplacedWeight ? NewWeight : copy.Input[i];
        }

        return copy;
    }

    private static string Mean(OnnxGraph graph, int channels, InputNormalisation input) => channels == 1
        ? graph.Floats("mean", [input.Mean.Average()], 1)
        : graph.Floats("mean", input.Order == ColourOrder.Rgb ? input.Mean : [input.Mean[2], input.Mean[1], input.Mean[0]], 3, 1, 1);
}
