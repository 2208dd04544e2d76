using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Policy;

/// <summary>One part's evidence with the policies it is judged by.</summary>
public sealed record Case(Recipe Recipe, ModelPolicy Coarse, ModelPolicy Verifier, EquatableList<ViewEvidence> Views)
{
    public ModelPolicy? PolicyOf(Digest model) => model == Given.CoarseModel ? Coarse : model == Given.VerifierModel ? Verifier : null;

    public Judgement Judge() => PartPolicy.Judge(Recipe, Given.Front, Views, PolicyOf);
}

public static class Cases
{
    /// <summary>Halves of a unit: sums are exact, and ties are common.</summary>
    private static readonly Gen<float> Value = Gen.Frequency(
        (30, Gen.Choose(0, 10).Select(i => i / 2f)),
        (1, Gen.Elements(float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.MaxValue, float.Epsilon)));

    private static readonly Gen<float> Small = Gen.Frequency((12, Gen.Choose(0, 3).Select(i => i / 8f)), (12, Gen.Choose(0, 8).Select(i => i / 8f)), (1, Value));

    private static readonly Gen<CandidateEvidence> Candidate =
        from probability in Small
        from verified in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
        select Given.Candidate(probability, verified);

    private static readonly Gen<Digest> Model = Gen.Frequency((20, Gen.Constant(Given.CoarseModel)), (1, Gen.Elements(Given.VerifierModel, Given.OtherModel)));

    private static readonly Gen<Digest> VerifierModel = Gen.Frequency((20, Gen.Constant(Given.VerifierModel)), (1, Gen.Elements(Given.CoarseModel, Given.OtherModel)));

    public static Arbitrary<Case> Arbitrary() => Arb.From(
        from hasVerifier in Gen.Elements(true, false)
        from coarse in CoarsePolicy
        from ok in Gen.Choose(1, 8)
        from ng in Gen.Choose(1, 8)
        from tolerance in Gen.Elements(0f, 0f, 0.125f)
        from views in Gen.CollectToList(Given.CamerasOf(Given.Front), View)
        from missing in Gen.Choose(0, 30)
        select new Case(
            Given.Recipe with { HasVerifier = hasVerifier },
            coarse,
            Given.Verifier with { OkProbability = ok / 8f, NgProbability = ng / 8f, Tolerance = tolerance },
            views.Where((_, i) => i != missing).ToEquatableList()));

    private static Gen<ModelPolicy> CoarsePolicy =>
        from candidate in Gen.Choose(1, 11)
        from reject in Gen.Choose(1, 11)
        from clear in Gen.Elements(2f, 4f, 5.5f, float.PositiveInfinity)
        from ood in Gen.Elements(4f, 5.5f, float.PositiveInfinity)
        from tolerance in Gen.Elements(0f, 0f, 0.5f)
        select Given.Coarse with { Candidate = candidate / 2f, Reject = reject / 2f, ClearLimit = clear, OodLimit = ood, Tolerance = tolerance };

    private static Gen<ViewEvidence> View(CameraId camera) =>
        from outcome in Gen.Frequency((30, Gen.Constant(ViewOutcome.Scored)), (1, Gen.Choose(0, 7).Select(i => (ViewOutcome)i)))
        from score in Value
        from ood in Gen.Frequency((4, Gen.Constant(1f)), (1, Value))
        from coarse in Model
        from verifier in VerifierModel
        from stamps in Gen.Choose(0, 40)
        from count in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
        from candidates in Candidate.ListOf(count)
        select new ViewEvidence
        {
            Camera = camera,
            Outcome = outcome,
            CoarseScore = score,
            OodScore = ood,
            Coarse = stamps == 0 ? null : Given.Stamp(coarse),
            Verifier = stamps == 1 || candidates.Count == 0 ? null : Given.Stamp(verifier),
            Candidates = candidates.ToEquatableList(),
        };
}

public sealed class PolicyPropertyTests
{
    [Property(MaxTest = 20_000, Arbitrary = [typeof(Cases)])]
    public void A_part_is_OK_exactly_when_promise_P4_allows_it(Case part) =>
        Assert.Equal(PromiseFour.Allows(part.Recipe, Given.Front, part.Views, part.PolicyOf), part.Judge().Conclusion.IsOk);

    [Property(MaxTest = 10_000, Arbitrary = [typeof(Cases)])]
    public void Raising_a_score_never_turns_a_part_OK(Case part, int which, byte by)
    {
        var raised = Raise(part, (uint)which, by == 255 ? float.PositiveInfinity : by / 8f);
        Assert.True(part.Judge().Conclusion.IsOk || !raised.Judge().Conclusion.IsOk, $"{part.Judge().Conclusion} became OK: {raised.Judge().Reason}");
    }

    [Property(MaxTest = 10_000, Arbitrary = [typeof(Cases)])]
    public void Any_value_that_is_no_number_in_any_view_means_not_OK(Case part, int which, byte kind)
    {
        if (part.Views.Count > 0)
        {
            var value = (kind % 3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => float.NegativeInfinity };
            Assert.False(With(part, (uint)which, _ => value).Judge().Conclusion.IsOk);
        }
    }

    [Property(MaxTest = 10_000, Arbitrary = [typeof(Cases)])]
    public void A_conclusion_has_a_reason_and_a_disposition_that_fits(Case part)
    {
        var judgement = part.Judge();
        Assert.NotEmpty(judgement.Reason);
        Assert.Equal(judgement.Conclusion.IsOk, judgement.Disposition == Disposition.Pass);
        Assert.Equal(judgement.Conclusion.IsOk, judgement.Conclusion.IsDecided && judgement.Conclusion.Verdict == Verdict.Ok);
    }

    [Fact]
    public void The_cases_hold_enough_of_every_conclusion()
    {
        var counts = Gen.Sample(Cases.Arbitrary().Generator, 3_000).GroupBy(c => c.Judge().Conclusion.ToString()).ToDictionary(g => g.Key, g => g.Count());
        Assert.All(["OK", "NG", "Review", "Fallback(NoModel)", "Fallback(NotInspectable)", "Fallback(Deadline)"], c => Assert.True(counts.GetValueOrDefault(c) > 30, $"{c}: {counts.GetValueOrDefault(c)}"));
    }

    private static Case Raise(Case part, uint which, float by) => With(part, which, v => v + by);

    /// <summary>Changes the coarse score, the OOD score or a candidate's probability of one view.</summary>
    private static Case With(Case part, uint which, Func<float, float> change)
    {
        if (part.Views.Count == 0)
        {
            return part;
        }

        var views = part.Views.ToArray();
        ref var view = ref views[which % views.Length];
        var candidates = view.Candidates.ToArray();
        var field = which / 3 % 3;
        if (field == 2 && candidates.Length > 0 && part.Recipe.HasVerifier)
        {
            ref var candidate = ref candidates[which / 9 % candidates.Length];
            candidate = candidate with { DefectProbability = change(candidate.DefectProbability) };
            view = view with { Candidates = candidates.ToEquatableList() };
        }
        else
        {
            view = field == 0 ? view with { OodScore = change(view.OodScore) } : view with { CoarseScore = change(view.CoarseScore) };
        }

        return part with { Views = views.ToEquatableList() };
    }
}
