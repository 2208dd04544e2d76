using System.Globalization;
using Inspection.Protocol;

namespace Inspection.Decisions.Policy;

/// <summary>What one view says about its part.</summary>
/// <param name="Conclusion">As if the part had this view alone.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="DefectClass">Named by the verifier; else empty.</param>
/// <param name="Margin">Relative distance of the deciding score from its threshold; NaN where no score decided.</param>
public readonly record struct ViewJudgement(Conclusion Conclusion, string Reason, string DefectClass, float Margin);

/// <summary>
/// Promise P4 for one view: OK needs a decoded view, finite scores, an image in distribution, an approved model, and every candidate
/// verified. A score at a threshold is not OK. A score within the hardware tolerance of a threshold is in doubt: never OK by itself.
/// Pure: the live supervisor and the offline replay call this same function on the same recorded bits.
/// <para>Comparisons that lead to OK are written as "not below": a threshold that is no number then lets nothing pass.</para>
/// </summary>
public static class ViewPolicy
{
    /// <summary>Rule W6: whether a coarse score sends its regions to the verifier. The sensor and the policy both ask here.</summary>
    public static bool IsCandidate(float coarseScore, ModelPolicy coarse) => !(coarseScore < coarse.Candidate - coarse.Tolerance) && !float.IsNaN(coarseScore);

    /// <summary>What the coarse model alone would say; the yardstick for what a verifier changed.</summary>
    public static Verdict CoarseAlone(float coarseScore, ModelPolicy coarse) => coarseScore < coarse.Reject ? Verdict.Ok : Verdict.Ng;

    /// <param name="view">The recorded evidence.</param>
    /// <param name="hasVerifier">Whether the recipe demands one.</param>
    /// <param name="policyOf">The approved policy of a model, or null.</param>
    public static ViewJudgement Judge(ViewEvidence view, bool hasVerifier, Func<Digest, ModelPolicy?> policyOf) => view.Outcome switch
    {
        ViewOutcome.Scored => JudgeScore(view, hasVerifier, policyOf),
        ViewOutcome.Unreadable => FellBack(FallbackReason.Unreadable, view.Detail),
        ViewOutcome.NotInspectable => FellBack(FallbackReason.NotInspectable, view.Detail),
        ViewOutcome.Shed => FellBack(FallbackReason.Shed, view.Detail),
        ViewOutcome.LostAtSource => FellBack(FallbackReason.LostAtSource, view.Detail),
        ViewOutcome.NoModel => FellBack(FallbackReason.NoModel, view.Detail),
        _ => FellBack(FallbackReason.NotInspectable, $"unknown view outcome {(int)view.Outcome}"),
    };

    private static ViewJudgement JudgeScore(ViewEvidence view, bool hasVerifier, Func<Digest, ModelPolicy?> policyOf)
    {
        if (view.Coarse is null || policyOf(view.Coarse.ModelDigest) is not { Stage: ModelStage.Coarse } coarse)
        {
            return FellBack(FallbackReason.NoModel, $"coarse model {view.Coarse?.ModelDigest.Short ?? "(none)"} is not approved on this line");
        }

        var score = view.CoarseScore;
        if (!float.IsFinite(score) || !float.IsFinite(view.OodScore))
        {
            return FellBack(FallbackReason.NotInspectable, "a score is not finite");
        }

        if (!(view.OodScore < coarse.OodLimit))
        {
            return new ViewJudgement(Conclusion.Decided(Verdict.Review), $"out of distribution: {Text(view.OodScore)} >= {Text(coarse.OodLimit)}", "", Margin(view.OodScore, coarse.OodLimit));
        }

        return hasVerifier ? JudgeWithVerifier(view, coarse, policyOf) : JudgeCoarse(score, coarse);
    }

    private static ViewJudgement JudgeCoarse(float score, ModelPolicy coarse)
    {
        var verdict = score < coarse.Reject - coarse.Tolerance ? Verdict.Ok
            : score < coarse.Reject + coarse.Tolerance && score != coarse.Reject ? Verdict.Review
            : Verdict.Ng;
        return new ViewJudgement(Conclusion.Decided(verdict), $"coarse score {Text(score)}, threshold {Text(coarse.Reject)}", "", Margin(score, coarse.Reject));
    }

    private static ViewJudgement JudgeWithVerifier(ViewEvidence view, ModelPolicy coarse, Func<Digest, ModelPolicy?> policyOf)
    {
        var score = view.CoarseScore;
        // regions that were sent to the verifier are judged whatever the score: every candidate verified (promise P4)
        if (!IsCandidate(score, coarse) && view.Candidates.Count == 0)
        {
            return new ViewJudgement(Conclusion.Decided(Verdict.Ok), $"coarse score {Text(score)} below the candidate threshold {Text(coarse.Candidate)}", "", Margin(score, coarse.Candidate));
        }

        var worst = Worst(view.Candidates, out var allVerified);
        if (worst is null || !allVerified)
        {
            return new ViewJudgement(Conclusion.Decided(Verdict.Review), $"candidate (coarse score {Text(score)}) that no verifier looked at in time", "", Margin(score, coarse.Candidate));
        }

        if (view.Verifier is null || policyOf(view.Verifier.ModelDigest) is not { Stage: ModelStage.Verifier } verifier)
        {
            return FellBack(FallbackReason.NoModel, $"verifier {view.Verifier?.ModelDigest.Short ?? "(none)"} is not approved on this line");
        }

        var probability = worst.DefectProbability;
        if (!float.IsFinite(probability))
        {
            return FellBack(FallbackReason.NotInspectable, "a verifier probability is not finite");
        }

        if (!(probability < verifier.NgProbability + verifier.Tolerance))
        {
            return new ViewJudgement(Conclusion.Decided(Verdict.Ng), $"verifier: {worst.DefectClass} with probability {Text(probability)} >= {Text(verifier.NgProbability)}", worst.DefectClass, Margin(probability, verifier.NgProbability));
        }

        if (!(probability < verifier.OkProbability - verifier.Tolerance))
        {
            return new ViewJudgement(Conclusion.Decided(Verdict.Review), $"verifier in doubt: probability {Text(probability)}", "", Margin(probability, verifier.OkProbability));
        }

        return !(score < coarse.ClearLimit - coarse.Tolerance)
            ? new ViewJudgement(Conclusion.Decided(Verdict.Review), $"verifier sees no defect, but coarse score {Text(score)} is beyond what good parts reach ({Text(coarse.ClearLimit)})", "", Margin(score, coarse.ClearLimit))
            : new ViewJudgement(Conclusion.Decided(Verdict.Ok), $"candidate cleared by the verifier: probability {Text(probability)} < {Text(verifier.OkProbability)}", "", Margin(probability, verifier.OkProbability));
    }

    private static CandidateEvidence? Worst(EquatableList<CandidateEvidence> candidates, out bool allVerified)
    {
        CandidateEvidence? worst = null;
        allVerified = true;
        foreach (var candidate in candidates)
        {
            allVerified &= candidate.Verified;

            // what is not finite is worse than anything: it must not hide behind a finite neighbour, nor below it as minus infinity
            if (worst is null || (float.IsFinite(worst.DefectProbability) && !(float.IsFinite(candidate.DefectProbability) && candidate.DefectProbability <= worst.DefectProbability)))
            {
                worst = candidate;
            }
        }

        return worst;
    }

    private static ViewJudgement FellBack(FallbackReason reason, string detail) => new(Conclusion.FellBack(reason), detail, "", float.NaN);

    private static float Margin(float score, float threshold) => threshold == 0 ? Math.Abs(score) : Math.Abs(score - threshold) / Math.Abs(threshold);

    private static string Text(float value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
