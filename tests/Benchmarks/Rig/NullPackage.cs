using System.Text.Json;
using Inspection.Learning.Onnx;
using Inspection.Protocol;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using ElementType = Inspection.Vision.Models.Onnx.TensorProto.Types.DataType;

namespace Inspection.Benchmarks.Rig;

/// <summary>
/// A coarse package that computes next to nothing, through the same files, checks and runtime as a real one: the score is the mean grey
/// value, the map is that value in 2 x 2 cells, and no score is ever high unless the thresholds given say so.
/// </summary>
internal static class NullPackage
{
    public const int MapSide = 2;

    /// <param name="directory">Made.</param>
    /// <param name="side">Of the square grey input.</param>
    /// <param name="thresholds">Null: none is ever reached.</param>
    public static void Write(string directory, int side, CoarseThresholds? thresholds = null)
    {
        var model = Graph(side);
        var never = float.MaxValue / 2;
        var manifest = new PackageManifest
        {
            Name = "null",
            Stage = ModelStage.Coarse,
            ModelDigest = Digest.Of(model).ToString(),
            Preparation = new PreparationSpec { Width = side, Height = side, Channels = 1 },
            Coarse = thresholds ?? new CoarseThresholds { Candidate = never, Reject = never, ClearLimit = never, Ood = never, Tolerance = 0, MapHeight = MapSide, MapWidth = MapSide },
            Calibration = new CalibrationSet { Method = "split", Units = 1, RejectRate = 0.05, CandidateRate = 0.2, Scores = [0f] },
            Lineage = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["recipe"] = "mean grey value" },
        };
        _ = Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, PackageFiles.Model), model);
        File.WriteAllBytes(Path.Combine(directory, PackageFiles.Manifest), JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifest.Json));
        GoldenVectors.Write(directory, [(new byte[side * side], side, side, 1)]);
    }

    private static byte[] Graph(int side)
    {
        var graph = new OnnxGraph("null");
        var pixels = graph.Op("Cast", [graph.Input("input", ElementType.Uint8, "N", side, side, 1)], "pixels", ("to", (int)ElementType.Float));
        var score = graph.Op("ReduceMean", [pixels], "score", ("axes", new long[] { 1, 2, 3 }), ("keepdims", 0));
        var cell = graph.Op("Reshape", [score, graph.Longs("cell_shape", -1, 1, 1)], "cell");
        _ = graph.Op("Add", [cell, graph.Floats("cells", new float[MapSide * MapSide], 1, MapSide, MapSide)], "anomaly_map");
        _ = graph.Op("Mul", [score, graph.Floats("nothing", [0f], 1)], "ood");
        graph.Output("score", ElementType.Float, "N");
        graph.Output("anomaly_map", ElementType.Float, "N", MapSide, MapSide);
        graph.Output("ood", ElementType.Float, "N");
        return graph.ToBytes();
    }
}
