using System.Globalization;
using System.Text;
using Inspection.Decisions.Packages;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>package.json of a coarse model and a verifier, as fitting writes them, and the policies read from them.</summary>
internal static class Packages
{
    public static readonly Digest CoarseModel = Digest.Of("coarse model"u8);
    public static readonly Digest VerifierModel = Digest.Of("verifier model"u8);

    private const string Calibration = """{ "method": "cross-fit", "units": 5, "reject_rate": 0.01, "candidate_rate": 0.05, "scores": [0.1, 0.2, 0.3] }""";

    public static string Coarse(double candidate = 0.4, double reject = 0.6) => string.Create(CultureInfo.InvariantCulture, $$"""
        { "format": 1, "name": "tile-coarse", "stage": "coarse", "model_digest": "{{CoarseModel}}",
          "coarse": { "candidate": {{candidate}}, "reject": {{reject}}, "clear_limit": 0.9, "ood": 5, "tolerance": 0.001, "map_height": 16, "map_width": 16 },
          "calibration": {{Calibration}} }
        """);

    public static string Verifier(double ng = 0.7, double ok = 0.3) => string.Create(CultureInfo.InvariantCulture, $$"""
        { "format": 1, "name": "tile-verifier", "stage": "verifier", "model_digest": "{{VerifierModel}}",
          "verifier": { "ng_probability": {{ng}}, "ok_probability": {{ok}}, "classes": ["good", "crack"], "crop_fraction": 0.3, "crop_minimum": 64, "max_regions": 3 },
          "calibration": {{Calibration}} }
        """);

    public static ModelPolicy Policy(string packageJson) => ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(packageJson));

    public static InferenceStamp Stamp(ModelPolicy policy) => new()
    {
        ModelDigest = policy.ModelDigest,
        SignatureId = "c74f20a3",
        ThresholdsDigest = policy.ThresholdsDigest,
        CalibrationDigest = policy.CalibrationDigest,
        PreparationVersion = "prep-1",
        ImageDigest = Digest.Of("program"u8),
        RuntimeVersions = "onnxruntime 1.31.1; .NET 10",
        Provider = "cpu",
        CpuClass = "x64 avx512-vnni",
    };

    /// <summary>Writes one package's folder.</summary>
    public static string Write(string folder, string packageJson)
    {
        _ = Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "package.json"), packageJson);
        return folder;
    }
}
