using System.Text;
using Inspection.Decisions.Packages;
using Inspection.Protocol;

namespace Inspection.Tests.Support;

/// <summary>As much of a coarse package as tells a policy, for records that no model has scored: a score from 1 on rejects.</summary>
public static class SmallestPackage
{
    public static Digest Model { get; } = Digest.Of("model"u8);

    /// <summary>Its package.json.</summary>
    public static string Manifest { get; } = $$"""
        {
          "stage": "coarse",
          "model_digest": "{{Model}}",
          "coarse": { "candidate": 1, "reject": 1, "clear_limit": 2, "ood": 9, "tolerance": 0, "map_height": 1, "map_width": 1 },
          "calibration": { "method": "split", "units": 1, "reject_rate": 0.5, "candidate_rate": 0.5, "scores": [0] }
        }
        """;

    public static ModelPolicy Policy { get; } = ModelPolicyReader.FromManifest(Encoding.UTF8.GetBytes(Manifest));
}
