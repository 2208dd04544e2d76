using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Learning.Evaluating;

/// <summary>
/// Rule 13, one score for both stages: candidates by the verifier's highest defect probability (0..1), all others below them, by how far
/// the coarse score lies under the candidate threshold (below 0).
/// </summary>
internal static class TwoStageScore
{
    public static float Of(ViewEvidence evidence, ModelPolicy coarse)
    {
        if (!float.IsFinite(evidence.CoarseScore))
        {
            return float.NaN;
        }

        if (!ViewPolicy.IsCandidate(evidence.CoarseScore, coarse))
        {
            return Math.Min(evidence.CoarseScore - (coarse.Candidate - coarse.Tolerance), -float.Epsilon);
        }

        // a candidate without a verified region is in doubt: it ranks as a defect
        var worst = evidence.Candidates.Where(c => c.Verified).Select(c => c.DefectProbability).DefaultIfEmpty(1).Max();
        return float.IsFinite(worst) ? worst : float.NaN;
    }
}
