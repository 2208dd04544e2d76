using System.Text.Json;
using Inspection.Decisions.Packages;
using Inspection.Embedded;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Benchmarks.Rig;

/// <summary>
/// Models that take a fixed time and no CPU: the waiting is the product's simulated session's, the scores are a fixed round of good parts,
/// bad ones and candidates, so that the gate has something to pass. Every candidate is cleared by the simulated verifier.
/// </summary>
internal static class SimulatedModels
{
    public const int Side = 64;

    private static readonly string[] _classes = ["good", "scratch"];
    private static readonly CoarseThresholds _thresholds = new() { Candidate = 0.5f, Reject = 0.8f, ClearLimit = 0.9f, Ood = 1f, Tolerance = 0f, MapHeight = NullPackage.MapSide, MapWidth = NullPackage.MapSide };

    /// <param name="directory">For the package that lends its thresholds; made.</param>
    /// <param name="coarse">Of a coarse run.</param>
    /// <param name="verify">Of a verifier's run; null: no verifier, and no candidates.</param>
    public static LineModelSet Make(string directory, SimulatedLatency coarse, TimeSpan? verify)
    {
        NullPackage.Write(directory, Side, _thresholds);
        var package = PackageModels.Open(directory, ModelStage.Coarse, new PackageLoadOptions { RequireSignature = false });
        var round = new Round(verify is not null);
        var coarseModel = new CoarseModel(directory, package.Manifest, package.Policy, () => new Coarse(new SimulatedCoarseSession(package, coarse), round));
        var approved = new ApprovedPackage(package.Manifest.Name, package.Policy, package.ManifestText, package.SignatureId, ModelActivated.SelfApproved);
        if (verify is not { } time)
        {
            return new LineModelSet(new LineModels(coarseModel, null), approved, null);
        }

        var manifest = VerifierManifest();
        var json = JsonSerializer.Serialize(manifest, PackageManifest.Json);
        var policy = ModelPolicyReader.FromManifest(JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifest.Json));
        var stamp = Stamps.Of(package, new InferenceOptions()) with
        {
            ModelDigest = policy.ModelDigest,
            ThresholdsDigest = policy.ThresholdsDigest,
            CalibrationDigest = policy.CalibrationDigest,
            Provider = SimulatedCoarseSession.Provider,
        };
        var verifier = new VerifierModel(directory, manifest, policy, () => new Verifier(new SimulatedCoarseSession(package, new SimulatedLatency(time, TimeSpan.Zero)), manifest, stamp));
        return new LineModelSet(new LineModels(coarseModel, verifier), approved, new ApprovedPackage(manifest.Name, policy, json, "", ModelActivated.SelfApproved));
    }

    private static PackageManifest VerifierManifest() => new()
    {
        Name = "simulated-verifier",
        Stage = ModelStage.Verifier,
        ModelDigest = Digest.Of("simulated verifier"u8).ToString(),
        Preparation = new PreparationSpec { Width = Side, Height = Side, Channels = 1 },
        Verifier = new VerifierThresholds { NgProbability = 0.8f, OkProbability = 0.2f, Classes = _classes.ToEquatableList(), CropFraction = 0.25, CropMinimum = 8, MaxRegions = 1 },
        Calibration = new CalibrationSet { Method = "split", Units = 1, RejectRate = 0.05, CandidateRate = 0.2, Scores = [0f] },
        Lineage = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["recipe"] = "none, it is simulated" },
    };

    /// <summary>What the next frame is: of ten one is bad; with a verifier of four one is a candidate instead.</summary>
    private sealed class Round(bool hasCandidates)
    {
        private const float Good = 0.1f;
        private long _next = -1;

        public float Score() => Interlocked.Increment(ref _next) is var n && hasCandidates
            ? n % 4 == 0 ? _thresholds.Candidate + 0.1f : Good
            : n % 10 == 0 ? _thresholds.Reject + 0.1f : Good;
    }

    private sealed class Coarse(SimulatedCoarseSession inner, Round round) : IBatchSession
    {
        private readonly float[] _good = new float[NullPackage.MapSide * NullPackage.MapSide];
        private readonly float[] _spot = [_thresholds.Candidate + 0.1f, .. new float[(NullPackage.MapSide * NullPackage.MapSide) - 1]];
        private readonly bool[] _isCandidate = new bool[256];

        public PackageManifest Manifest => inner.Manifest;

        public InferenceStamp Stamp => inner.Stamp;

        public ReadOnlySpan<float> AnomalyMap => MapOf(0);

        public CoarseResult Run(FrameSlot slot)
        {
            _ = inner.Run(slot);
            return Next(0);
        }

        public void Run(ReadOnlySpan<FrameSlot> slots, int bucket, Span<CoarseResult> results)
        {
            inner.Run(slots, bucket, results);
            for (var i = 0; i < slots.Length; i++)
            {
                results[i] = Next(i);
            }
        }

        public ReadOnlySpan<float> MapOf(int index) => _isCandidate[index] ? _spot : _good;

        public void Dispose() => inner.Dispose();

        private CoarseResult Next(int index)
        {
            var score = round.Score();
            _isCandidate[index] = score >= _thresholds.Candidate;
            return new CoarseResult(score, 0);
        }
    }

    private sealed class Verifier(SimulatedCoarseSession time, PackageManifest manifest, InferenceStamp stamp) : IVerifierSession
    {
        public PackageManifest Manifest => manifest;

        public InferenceStamp Stamp => stamp;

        public void Run(FrameSlot slot, ReadOnlySpan<PixelBox> regions, Span<float> probabilities)
        {
            _ = time.Run(slot);
            for (var i = 0; i < regions.Length; i++)
            {
                (probabilities[i * _classes.Length], probabilities[(i * _classes.Length) + 1]) = (0.95f, 0.05f);
            }
        }

        public void Dispose() => time.Dispose();
    }
}
