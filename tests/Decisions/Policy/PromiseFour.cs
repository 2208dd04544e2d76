using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Policy;

/// <summary>
/// Promise P4 in words of its own, for comparison with the policy: OK needs every view decoded, finite, in distribution, by an approved
/// model, every candidate verified. In double, so that it shares not even the arithmetic.
/// </summary>
internal static class PromiseFour
{
    public static bool Allows(Recipe recipe, StationId station, IReadOnlyList<ViewEvidence> views, Func<Digest, ModelPolicy?> policyOf)
    {
        var cameras = recipe.Views.Where(v => v.Station == station).Select(v => v.Camera).ToHashSet();
        return cameras.Count > 0 && cameras.All(camera => views.Count(v => v.Camera == camera) == 1 && Allows(views.Single(v => v.Camera == camera), recipe.HasVerifier, policyOf));
    }

    private static bool Allows(ViewEvidence view, bool hasVerifier, Func<Digest, ModelPolicy?> policyOf)
    {
        var coarse = view.Coarse is null ? null : policyOf(view.Coarse.ModelDigest);
        if (view.Outcome != ViewOutcome.Scored || coarse?.Stage != ModelStage.Coarse || !IsNumber(view.CoarseScore) || !IsNumber(view.OodScore))
        {
            return false;
        }

        if (view.OodScore >= coarse.OodLimit)
        {
            return false;
        }

        double score = view.CoarseScore, doubt = coarse.Tolerance;
        if (!hasVerifier)
        {
            return score + doubt < coarse.Reject;
        }

        if (view.Candidates.Count == 0)
        {
            return score + doubt < coarse.Candidate;
        }

        var verifier = view.Verifier is null ? null : policyOf(view.Verifier.ModelDigest);
        return verifier?.Stage == ModelStage.Verifier
            && score + doubt < coarse.ClearLimit
            && view.Candidates.All(c => c.Verified && IsNumber(c.DefectProbability)
                && (double)c.DefectProbability + verifier.Tolerance < verifier.OkProbability
                && (double)c.DefectProbability - verifier.Tolerance < verifier.NgProbability);
    }

    private static bool IsNumber(float value) => value is > float.NegativeInfinity and < float.PositiveInfinity;
}
