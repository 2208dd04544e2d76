using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Replaying;

/// <summary>How a view that was computed again lies beside its record.</summary>
/// <param name="Difference">The first number that differs, in words; null: every bit is the same.</param>
/// <param name="Most">The largest difference of a score that a policy looks at.</param>
/// <param name="SameInput">Whether the model saw the same tensor.</param>
internal readonly record struct ViewComparison(string? Difference, float Most, bool SameInput)
{
    public static ViewComparison Of(ViewEvidence recorded, ViewEvidence again)
    {
        var (difference, most) = ((string?)null, 0f);
        var sameInput = recorded.TensorDigest == again.TensorDigest;
        if (!sameInput)
        {
            difference = $"the prepared tensor has SHA-256 {again.TensorDigest.Short}.., recorded {recorded.TensorDigest.Short}..";
        }

        Compare("coarse score", recorded.CoarseScore, again.CoarseScore);
        Compare("out-of-distribution score", recorded.OodScore, again.OodScore);
        if (recorded.Candidates.Count != again.Candidates.Count)
        {
            difference ??= $"{again.Candidates.Count} candidate regions, recorded {recorded.Candidates.Count}";
        }

        for (var i = 0; i < Math.Min(recorded.Candidates.Count, again.Candidates.Count); i++)
        {
            var (a, b) = (recorded.Candidates[i], again.Candidates[i]);
            difference ??= a.Box == b.Box ? null : $"candidate {i + 1} lies at {b.Box}, recorded {a.Box}";
            Compare($"peak of candidate {i + 1}", a.PeakScore, b.PeakScore);
            if (a.Verified)
            {
                Compare($"defect probability of candidate {i + 1}", a.DefectProbability, b.DefectProbability);
                difference ??= a.DefectClass == b.DefectClass ? null : $"candidate {i + 1} is '{b.DefectClass}', recorded '{a.DefectClass}'";
            }
        }

        return new ViewComparison(difference, most, sameInput);

        void Compare(string what, float was, float now)
        {
            if (BitConverter.SingleToUInt32Bits(was) == BitConverter.SingleToUInt32Bits(now) || (float.IsNaN(was) && float.IsNaN(now)))
            {
                return;
            }

            var distance = MathF.Abs(was - now);
            most = float.IsNaN(distance) ? float.PositiveInfinity : MathF.Max(most, distance);
            difference ??= string.Create(CultureInfo.InvariantCulture, $"{what} {now:R} (bits {BitConverter.SingleToUInt32Bits(now):x8}), recorded {was:R} (bits {BitConverter.SingleToUInt32Bits(was):x8})");
        }
    }
}
