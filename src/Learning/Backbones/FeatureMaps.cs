using Inspection.Learning.Fitting;
using Inspection.Vision.Inference;
using Microsoft.ML.OnnxRuntime;

namespace Inspection.Learning.Backbones;

/// <summary>Finds feature maps by what they are instead of by name: one run on a small black image tells their sizes.</summary>
internal static class FeatureMaps
{
    private const int Probe = 128;

    /// <summary>The deepest map whose cells are <paramref name="stride"/> pixels apart.</summary>
    /// <exception cref="BackboneException">No such map, or the backbone does not run.</exception>
    public static string OfStride(Backbone backbone, int stride, int channels)
    {
        var shapes = Shapes(backbone, channels);
        var fitting = shapes.Where(s => s.Shape.Length == 4 && s.Shape[2] == Probe / stride && s.Shape[3] == Probe / stride).Select(s => s.Name).ToList();
        return fitting.Count > 0
            ? fitting[^1]
            : throw new BackboneException($"backbone {backbone.Name} has no feature map of stride {stride} (for {Probe} x {Probe} pixels: {string.Join("; ", shapes.Select(s => $"{s.Name} [{string.Join(", ", s.Shape)}]"))}); its deepest used map must be {Probe / stride} x {Probe / stride} there");
    }

    private static List<(string Name, long[] Shape)> Shapes(Backbone backbone, int channels)
    {
        using var options = SessionFactory.Options(new InferenceOptions());
        try
        {
            using var session = new InferenceSession(CoarseGraph.Bare(backbone, Probe, Probe, channels, backbone.Maps), options);
            using var run = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory(new byte[Probe * Probe * channels], [1, Probe, Probe, channels]);
            using var outputs = session.Run(run, ["input"], [input], session.OutputNames);
            return [.. session.OutputNames.Select((name, i) => (name, outputs[i].GetTensorTypeAndShape().Shape))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new BackboneException($"backbone {backbone.Name} does not run on an image of {Probe} x {Probe}: {e.Message}", e);
        }
    }
}
