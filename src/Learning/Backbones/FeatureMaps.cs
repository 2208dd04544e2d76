using Inspection.Learning.Fitting;
using Inspection.Vision.Inference;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Backbones;

/// <summary>Finds feature maps by what they are instead of by name: one run on a small black image tells their sizes.</summary>
internal static class FeatureMaps
{
    private const int Probe = 128;

    /// <summary>The deepest map whose cells are about <paramref name="stride"/> pixels apart (networks without padding lose a cell at the edge).</summary>
    /// <exception cref="BackboneException">No such map, or the backbone does not run.</exception>
    public static string OfStride(Backbone backbone, int stride, int channels)
    {
        var shapes = Shapes(backbone, backbone.Maps, Probe, Probe, channels);
        var fitting = shapes.Where(s => s.Shape.Length == 4 && Math.Abs(s.Shape[2] - (Probe / stride)) <= 1 && s.Shape[2] == s.Shape[3]).Select(s => s.Name).ToList();
        return fitting.Count > 0
            ? fitting[^1]
            : throw new BackboneException($"backbone {backbone.Name} has no feature map of stride {stride} (for {Probe} x {Probe} pixels: {string.Join("; ", shapes.Select(s => $"{s.Name} [{string.Join(", ", s.Shape)}]"))}); name the one to use with --maps");
    }

    /// <summary>Height and width of the last map for an image of this size.</summary>
    public static (int Height, int Width) Grid(Backbone backbone, IReadOnlyList<string> maps, int height, int width, int channels)
    {
        var shape = Shapes(backbone, maps, height, width, channels)[^1].Shape;
        return shape.Length == 4
            ? ((int)shape[2], (int)shape[3])
            : throw new BackboneException($"backbone {backbone.Name}: {maps[^1]} is [{string.Join(", ", shape)}]; a feature map is [N, channels, height, width]");
    }

    private static List<(string Name, long[] Shape)> Shapes(Backbone backbone, IReadOnlyList<string> maps, int height, int width, int channels)
    {
        using var options = SessionFactory.Options(new InferenceOptions());
        try
        {
            using var session = new InferenceSession(CoarseGraph.Bare(backbone, width, height, channels, maps), options);
            using var run = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory(new byte[width * height * channels], [1, height, width, channels]);
            using var outputs = session.Run(run, ["input"], [input], session.OutputNames);
            return [.. session.OutputNames.Select((name, i) => (name, outputs[i].GetTensorTypeAndShape().Shape))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new BackboneException($"backbone {backbone.Name} does not run on an image of {width} x {height}: {e.Message}", e);
        }
    }
}
