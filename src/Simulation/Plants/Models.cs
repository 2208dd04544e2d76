using Inspection.Protocol;

namespace Inspection.Simulation.Plants;

/// <summary>The models of a simulated line: two coarse ones, of which the second may take over, and a verifier.</summary>
internal sealed class Models
{
    public Models()
    {
        Coarse = [.. new[] { "coarse-1", "coarse-2" }.Select(n => new ModelPolicy
        {
            ModelDigest = Digest.Of(System.Text.Encoding.UTF8.GetBytes(n)),
            Stage = ModelStage.Coarse,
            ThresholdsDigest = Digest.Of("thresholds"u8),
            CalibrationDigest = Digest.Of("calibration"u8),
            Candidate = 1f,
            Reject = 2f,
            ClearLimit = 4f,
            OodLimit = 10f,
            Tolerance = 0.001f,
        })];
        Verifier = new ModelPolicy
        {
            ModelDigest = Digest.Of("verifier"u8),
            Stage = ModelStage.Verifier,
            ThresholdsDigest = Digest.Of("thresholds"u8),
            CalibrationDigest = Digest.Of("calibration"u8),
            NgProbability = 0.75f,
            OkProbability = 0.25f,
            Tolerance = 0.001f,
        };
        Stamps = Coarse.Append(Verifier).ToDictionary(m => m.ModelDigest, m => Stamp(m.ModelDigest));
    }

    public IReadOnlyList<ModelPolicy> Coarse { get; }

    public ModelPolicy Verifier { get; }

    public IReadOnlyDictionary<Digest, InferenceStamp> Stamps { get; }

    public static Recipe Recipe(PlantShape shape) => new()
    {
        Name = "parts",
        Views = shape.Stations.SelectMany(s => s.Cameras.Select(c => new RequiredView(s.Station, c))).ToEquatableList(),
        DecisionDeadline = shape.Deadline,
        HasVerifier = shape.HasVerifier,
    };

    private static InferenceStamp Stamp(Digest model) => new()
    {
        ModelDigest = model,
        SignatureId = "",
        ThresholdsDigest = Digest.None,
        CalibrationDigest = Digest.None,
        PreparationVersion = "1",
        ImageDigest = Digest.None,
        RuntimeVersions = "none",
        Provider = "simulated",
        CpuClass = "none",
    };
}
