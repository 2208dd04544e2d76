using System.Runtime.InteropServices;
using Google.Protobuf;
using Inspection.Learning.Backbones;
using Inspection.Learning.Fitting;
using Inspection.Learning.Statistics;
using Inspection.Vision.Models.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Tests.Backbones;

public sealed class BackboneTests
{
    private const int Side = 224;

    [Fact]
    public void The_folded_trunk_equals_the_packaged_network_at_its_own_size()
    {
        var image = Noise(Side * Side * 3, 1);
        var original = Original(image, "ReLU347_Output_0", "ReLU393_Output_0");
        var trunk = Maps(Backbone.Open(), image, Side, Side, 3, "layer3", "layer4");
        for (var map = 0; map < 2; map++)
        {
            Assert.Equal(original[map].Length, trunk[map].Length);
            var worst = original[map].Zip(trunk[map], (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= 1e-4 * Math.Max(1, original[map].Max()), $"map {map}: largest difference {worst} of values up to {original[map].Max()}");
        }
    }

    [Fact]
    public void A_grey_image_gives_what_its_three_equal_channels_give()
    {
        var grey = Noise(64 * 64, 2);
        var colour = grey.SelectMany(v => new[] { v, v, v }).ToArray();
        var one = Maps(Backbone.Open(), grey, 64, 64, 1, "layer1")[0];
        var three = Maps(Backbone.Open(), colour, 64, 64, 3, "layer1")[0];

        // 16 x 16 cells of stride 4; away from the edge, where the padding stands for slightly different greys.
        for (var c = 0; c < 64; c++)
        {
            for (var y = 6; y < 10; y++)
            {
                for (var x = 6; x < 10; x++)
                {
                    var at = (((c * 16) + y) * 16) + x;
                    Assert.Equal(three[at], one[at], 1e-3f * Math.Max(1, Math.Abs(three[at])));
                }
            }
        }
    }

    [Theory]
    [InlineData(240, 272)]
    [InlineData(97, 131)]
    public void The_trunk_takes_any_size(int width, int height)
    {
        var map = Maps(Backbone.Open(), Noise(width * height, 3), width, height, 1, "layer3")[0];
        Assert.Equal(256 * ((width + 15) / 16) * ((height + 15) / 16), map.Length);
        Assert.All(map, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void A_map_that_is_not_there_is_refused_with_those_that_are()
    {
        var error = Assert.Throws<BackboneException>(() => Maps(Backbone.Open(), new byte[64 * 64], 64, 64, 1, "layer9"));
        Assert.Contains("layer9", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_of_fixed_size_is_refused()
    {
        var error = Assert.Throws<BackboneException>(() => Backbone.FromFile(Path.Combine(AppContext.BaseDirectory, "backbones", "resnet18.onnx")));
        Assert.Contains("224", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Of("picture.onnx"), "not a model at all");
        Assert.Contains("picture.onnx", Assert.Throws<BackboneException>(() => Backbone.Open(folder.Of("picture.onnx"))).Message, StringComparison.Ordinal);
        Assert.Contains("absent.onnx", Assert.Throws<BackboneException>(() => Backbone.Open(folder.Of("absent.onnx"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_file_with_free_size_serves_with_its_own_constants()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Of("tiny.onnx"), Tiny());
        File.WriteAllText(folder.Of("tiny.onnx.json"), """{"order": "bgr", "mean": [1, 2, 3], "std": [2, 2, 2]}""");

        // The one convolution adds the three normalised channels of a pixel: B, G, R = 30, 20, 10.
        var map = Maps(Backbone.Open(folder.Of("tiny.onnx")), [10, 20, 30], 1, 1, 3, "sum")[0];
        Assert.Equal(((30 - 1) + (20 - 2) + (10 - 3)) / 2f, Assert.Single(map), 4);
        File.WriteAllText(folder.Of("tiny.onnx.json"), """{"order": "bgr", "mean": [1, 2], "std": [2, 2, 2]}""");
        _ = Assert.Throws<BackboneException>(() => Backbone.Open(folder.Of("tiny.onnx")));
    }

    private static byte[] Tiny()
    {
        var graph = new Inspection.Learning.Onnx.OnnxGraph("tiny");
        var input = graph.Input("image", TensorProto.Types.DataType.Float, "N", 3, "H", "W");
        _ = graph.Op("Conv", [input, graph.Floats("w", [1, 1, 1], 1, 3, 1, 1)], "sum");
        graph.Output("sum", TensorProto.Types.DataType.Float, "N", 1, "h", "w");
        return graph.ToBytes();
    }

    /// <summary>The shipped graph itself, with inner tensors made outputs, on BGR less the mean.</summary>
    private static float[][] Original(byte[] rgb, params string[] outputs)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "backbones", "resnet18.onnx")));
        model.Graph.Output.AddRange(outputs.Select(o => new ValueInfoProto { Name = o, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } } }));
        float[] mean = [103.0626f, 115.9029f, 123.1516f];
        var planes = new float[3 * Side * Side];
        for (var p = 0; p < Side * Side; p++)
        {
            for (var c = 0; c < 3; c++)
            {
                planes[(c * Side * Side) + p] = rgb[(p * 3) + 2 - c] - mean[c];
            }
        }

        using var session = new InferenceSession(model.ToByteArray());
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(planes, [1, 3, Side, Side]);
        using var values = session.Run(run, ["Input247"], [input], outputs);
        return [.. values.Select(v => v.GetTensorDataAsSpan<float>().ToArray())];
    }

    private static float[][] Maps(Backbone backbone, byte[] image, int width, int height, int channels, params string[] maps)
    {
        using var session = new InferenceSession(CoarseGraph.Bare(backbone, width, height, channels, maps));
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(image, [1, height, width, channels]);
        using var values = session.Run(run, ["input"], [input], maps);
        return [.. values.Select(v => v.GetTensorDataAsSpan<float>().ToArray())];
    }

    private static byte[] Noise(int length, ulong seed)
    {
        var random = new SeededRandom(seed);
        var bytes = new byte[length];
        foreach (ref var b in bytes.AsSpan())
        {
            b = (byte)random.Below(256);
        }

        return bytes;
    }
}
