using Inspection.Protocol;

namespace Inspection.Decisions.Policy;

/// <summary>A part's conclusion with what follows from it.</summary>
public readonly record struct Judgement(Conclusion Conclusion, string Reason, Disposition Disposition, string DefectClass, float Margin);

/// <summary>
/// From the views of one part to its one conclusion. One view that is NG makes the part NG, whatever the others miss; then a view that
/// could not be judged makes it a fallback; then a Review; OK only when every required view is OK (promise P4). Pure.
/// </summary>
public static class PartPolicy
{
    /// <param name="recipe">The active recipe.</param>
    /// <param name="station">Whose cameras count.</param>
    /// <param name="views">One per camera that answered, in any order.</param>
    /// <param name="policyOf">The approved policy of a model, or null.</param>
    public static Judgement Judge(Recipe recipe, StationId station, IReadOnlyList<ViewEvidence> views, Func<Digest, ModelPolicy?> policyOf)
    {
        var best = default(ViewJudgement?);
        var bestRank = int.MaxValue;
        var margin = float.NaN;
        foreach (var required in recipe.Views)
        {
            if (required.Station != station)
            {
                continue;
            }

            var view = Find(views, required.Camera);
            var judgement = view is null
                ? new ViewJudgement(Conclusion.FellBack(FallbackReason.Deadline), $"camera {required.Camera} did not answer before the deadline", "", float.NaN)
                : Named(required.Camera, ViewPolicy.Judge(view, recipe.HasVerifier, policyOf));
            margin = Smaller(margin, judgement.Margin);
            var rank = Rank(judgement.Conclusion);
            if (rank < bestRank)
            {
                (best, bestRank) = (judgement, rank);
            }
        }

        if (best is not { } decided)
        {
            return new Judgement(Conclusion.FellBack(FallbackReason.NotInspectable), $"recipe {recipe.Name} names no camera of station {station}", recipe.OnFallback, "", float.NaN);
        }

        return new Judgement(
            decided.Conclusion,
            decided.Reason,
            DispositionOf(recipe, decided.Conclusion, decided.DefectClass),
            decided.DefectClass,
            decided.Conclusion.IsOk ? margin : decided.Margin);
    }

    public static Disposition DispositionOf(Recipe recipe, Conclusion conclusion, string defectClass)
    {
        if (conclusion.IsOk)
        {
            return Disposition.Pass;
        }

        if (conclusion.Verdict == Verdict.Ng)
        {
            foreach (var rule in recipe.ByDefect)
            {
                if (rule.DefectClass == defectClass)
                {
                    return rule.Disposition;
                }
            }

            return recipe.OnNg;
        }

        return conclusion.Verdict == Verdict.Review ? recipe.OnReview : recipe.OnFallback;
    }

    private static ViewJudgement Named(CameraId camera, ViewJudgement judgement) => judgement with { Reason = $"{camera}: {judgement.Reason}" };

    private static ViewEvidence? Find(IReadOnlyList<ViewEvidence> views, CameraId camera)
    {
        for (var i = 0; i < views.Count; i++)
        {
            if (views[i].Camera == camera)
            {
                return views[i];
            }
        }

        return null;
    }

    // a missing view (Deadline) ranks behind a view that says why it could not be judged
    private static int Rank(Conclusion conclusion) => conclusion switch
    {
        { Verdict: Verdict.Ng } => 0,
        { Fallback: FallbackReason.Deadline } => 2,
        { Fallback: not null } => 1,
        { Verdict: Verdict.Review } => 3,
        _ => 4,
    };

    private static float Smaller(float a, float b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : Math.Min(a, b);
}
