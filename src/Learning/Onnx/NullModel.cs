using System.Text.Json;
using Inspection.Protocol;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using static Inspection.Vision.Models.Onnx.TensorProto.Types.DataType;

namespace Inspection.Learning.Onnx;

/// <summary>A coarse package that computes next to nothing (score: mean grey value over 255; a constant map), for measuring everything else.</summary>
public static class NullModel
{
    private const int MapSide = 4;

    /// <summary>Writes the package and signs it where a key is given. No image is a candidate: every threshold is above 1.</summary>
    public static PackageManifest Write(string directory, PreparationSpec spec, SigningKey? key = null)
    {
        _ = Directory.CreateDirectory(directory);
        var model = Graph(spec);
        var manifest = new PackageManifest
        {
            Name = "null",
            Stage = ModelStage.Coarse,
            ModelDigest = Digest.Of(model).ToString(),
            Preparation = spec,
            Coarse = new CoarseThresholds { Candidate = 2, Reject = 2, ClearLimit = 2, Ood = 2, Tolerance = 0, MapHeight = MapSide, MapWidth = MapSide },
            Calibration = new CalibrationSet { Method = "none", Units = 0, RejectRate = 0, CandidateRate = 0, Scores = [] },
            Lineage = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["recipe"] = "null model" },
        };
        File.WriteAllBytes(Path.Combine(directory, PackageFiles.Model), model);
        File.WriteAllBytes(Path.Combine(directory, PackageFiles.Manifest), JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifest.Json));
        var grey = new byte[spec.TensorLength];
        Array.Fill(grey, (byte)128);
        GoldenVectors.Write(directory, [(grey, spec.Width, spec.Height, spec.Channels)]);
        if (key is not null)
        {
            _ = PackageSigner.Sign(directory, key);
        }

        return manifest;
    }

    private static byte[] Graph(PreparationSpec spec)
    {
        var graph = new OnnxGraph("null");
        var image = graph.Input("input", Uint8, "N", spec.Height, spec.Width, spec.Channels);
        var pixels = graph.Op("Cast", [image], "pixels", ("to", (int)Float));
        var mean = graph.Op("ReduceMean", [pixels], "mean", ("axes", new long[] { 1, 2, 3 }), ("keepdims", 0));
        var score = graph.Op("Div", [mean, graph.Floats("white", [255f], 1)], "score");
        var cell = graph.Op("Reshape", [score, graph.Longs("cell_shape", -1, 1, 1)], "cell");
        _ = graph.Op("Mul", [cell, graph.Floats("zeros", new float[MapSide * MapSide], 1, MapSide, MapSide)], "anomaly_map");
        _ = graph.Op("Mul", [score, graph.Floats("zero", [0f], 1)], "ood");
        graph.Output("score", Float, "N");
        graph.Output("anomaly_map", Float, "N", MapSide, MapSide);
        graph.Output("ood", Float, "N");
        return graph.ToBytes();
    }
}
