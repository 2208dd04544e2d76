using System.Text;
using System.Text.Json;
using Inspection.Decisions.Packages;
using Inspection.Learning.Evaluating;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;
using Inspection.Vision.Work;

namespace Inspection.Evaluation.Tests.Evaluating;

/// <summary>Models whose answer follows from the pixels by plain arithmetic: the evaluation's own work is what is tested.</summary>
internal static class StubModels
{
    public static readonly PreparationSpec Preparation = new() { Width = TinySet.Width, Height = TinySet.Height, Channels = 1 };

    /// <param name="reject">The coarse score is the brightest 4 x 4 cell's mean grey value over 255.</param>
    public static CoarseModel Coarse(string directory, float reject = 0.5f, float candidate = 0.43f)
    {
        var manifest = Manifest("stub coarse", ModelStage.Coarse) with
        {
            Coarse = new CoarseThresholds { Candidate = candidate, Reject = reject, ClearLimit = 2, Ood = 10, Tolerance = 0, MapHeight = 4, MapWidth = 6 },
        };
        return new CoarseModel(directory, manifest, PolicyOf(manifest), () => new CoarseSession(manifest));
    }

    /// <param name="judge">Defect probability of a region of the frame.</param>
    public static VerifierModel Verifier(string directory, Func<FrameSlot, PixelBox, float> judge)
    {
        var manifest = Manifest("stub verifier", ModelStage.Verifier) with
        {
            Verifier = new VerifierThresholds { NgProbability = 0.6f, OkProbability = 0.4f, Classes = ["good", "spot"], CropFraction = 0.5, CropMinimum = 4, MaxRegions = 1 },
        };
        return new VerifierModel(directory, manifest, PolicyOf(manifest), () => new VerifierSession(manifest, judge));
    }

    public static float Brightest(FrameSlot slot, PixelBox box)
    {
        var most = 0;
        for (var y = box.Y; y < box.Y + box.Height; y++)
        {
            foreach (var value in slot.Pixels.Slice((y * slot.Width) + box.X, box.Width))
            {
                most = Math.Max(most, value);
            }
        }

        return most / 255f;
    }

    private static ModelPolicy PolicyOf(PackageManifest manifest) => ModelPolicyReader.FromManifest(JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifest.Json));

    private static PackageManifest Manifest(string name, ModelStage stage) => new()
    {
        Name = name,
        Stage = stage,
        ModelDigest = Digest.Of(Encoding.UTF8.GetBytes(name)).ToString(),
        Preparation = Preparation,
        Calibration = new CalibrationSet { Method = "split", Units = 4, RejectRate = 0.2, CandidateRate = 0.4, Scores = [] },
        Lineage = [],
    };

    private static InferenceStamp Stamp(PackageManifest manifest) => new()
    {
        ModelDigest = Digest.Parse(manifest.ModelDigest),
        SignatureId = "",
        ThresholdsDigest = default,
        CalibrationDigest = default,
        PreparationVersion = PreparationSpec.CurrentVersion,
        ImageDigest = default,
        RuntimeVersions = "stub 1.0",
        Provider = "cpu",
        CpuClass = "any",
    };

    private sealed class CoarseSession(PackageManifest manifest) : ICoarseSession
    {
        private readonly float[] _map = new float[24];

        public PackageManifest Manifest => manifest;

        public InferenceStamp Stamp { get; } = StubModels.Stamp(manifest);

        public ReadOnlySpan<float> AnomalyMap => _map;

        public CoarseResult Run(FrameSlot slot)
        {
            for (var cell = 0; cell < _map.Length; cell++)
            {
                var sum = 0;
                for (var i = 0; i < 16; i++)
                {
                    sum += slot.Tensor[((((cell / 6) * 4) + (i / 4)) * TinySet.Width) + ((cell % 6) * 4) + (i % 4)];
                }

                _map[cell] = sum / (16 * 255f);
            }

            return new CoarseResult(_map.Max(), 0);
        }

        public void Dispose()
        {
        }
    }

    private sealed class VerifierSession(PackageManifest manifest, Func<FrameSlot, PixelBox, float> judge) : IVerifierSession
    {
        public PackageManifest Manifest => manifest;

        public InferenceStamp Stamp { get; } = StubModels.Stamp(manifest);

        public void Run(FrameSlot slot, ReadOnlySpan<PixelBox> regions, Span<float> probabilities)
        {
            for (var i = 0; i < regions.Length; i++)
            {
                var defect = judge(slot, regions[i]);
                (probabilities[2 * i], probabilities[(2 * i) + 1]) = (1 - defect, defect);
            }
        }

        public void Dispose()
        {
        }
    }
}
