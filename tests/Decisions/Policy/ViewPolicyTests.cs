using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Policy;

/// <summary>Scores to conclusion for one view, as a table. Candidate 1, reject 2, clear limit 4, OOD 10; verifier: OK below 0.25, NG from 0.75.</summary>
public sealed class ViewPolicyTests
{
    [Theory]
    [InlineData(0f, "OK")]
    [InlineData(1.99f, "OK")]
    [InlineData(2f, "NG")] // a tie rejects
    [InlineData(2.01f, "NG")]
    [InlineData(float.MaxValue, "NG")]
    [InlineData(float.NaN, "Fallback(NotInspectable)")]
    [InlineData(float.PositiveInfinity, "Fallback(NotInspectable)")]
    [InlineData(float.NegativeInfinity, "Fallback(NotInspectable)")]
    public void Without_a_verifier_the_coarse_score_decides(float score, string expected) =>
        Assert.Equal(expected, Judge(Given.View(Given.Top, score), hasVerifier: false));

    [Theory]
    [InlineData(1.74f, "OK")]
    [InlineData(1.75f, "Review")]
    [InlineData(1.99f, "Review")]
    [InlineData(2.2f, "Review")]
    [InlineData(2.25f, "NG")]
    public void A_score_within_the_tolerance_is_in_doubt(float score, string expected) =>
        Assert.Equal(expected, Judge(Given.View(Given.Top, score), hasVerifier: false, Given.Coarse with { Tolerance = 0.25f }));

    [Fact]
    public void A_tie_is_never_OK_whatever_the_tolerance() =>
        Assert.NotEqual("OK", Judge(Given.View(Given.Top, 2f), hasVerifier: false, Given.Coarse with { Tolerance = 0.25f }));

    [Theory]
    [InlineData(0.99f, "OK")]
    [InlineData(1f, "Review")] // a candidate that nobody verified
    [InlineData(3f, "Review")]
    public void A_candidate_without_a_verifier_answer_is_Review(float score, string expected)
    {
        Assert.Equal(expected, Judge(Given.View(Given.Top, score), hasVerifier: true));
        Assert.Equal("Review", Judge(Given.View(Given.Top, score, Given.Candidate(0.1f), Given.Candidate(float.NaN, verified: false)), hasVerifier: true));
    }

    [Theory]
    [InlineData(0f, "OK")]
    [InlineData(0.24f, "OK")]
    [InlineData(0.25f, "Review")]
    [InlineData(0.74f, "Review")]
    [InlineData(0.75f, "NG")]
    [InlineData(1f, "NG")]
    [InlineData(float.NaN, "Fallback(NotInspectable)")]
    [InlineData(float.PositiveInfinity, "Fallback(NotInspectable)")]
    [InlineData(float.NegativeInfinity, "Fallback(NotInspectable)")]
    public void The_worst_verified_candidate_decides(float probability, string expected)
    {
        Assert.Equal(expected, Judge(Given.View(Given.Top, 3f, Given.Candidate(probability)), hasVerifier: true));
        Assert.Equal(expected, Judge(Given.View(Given.Top, 3f, Given.Candidate(0f), Given.Candidate(probability)), hasVerifier: true));
        Assert.Equal(expected, Judge(Given.View(Given.Top, 3f, Given.Candidate(probability), Given.Candidate(0f)), hasVerifier: true));
    }

    [Theory]
    [InlineData(0.1f, "OK")]
    [InlineData(0.15f, "Review")]
    [InlineData(0.8f, "Review")]
    [InlineData(0.9f, "NG")]
    public void A_probability_within_the_tolerance_is_in_doubt(float probability, string expected)
    {
        var verifier = Given.Verifier with { Tolerance = 0.125f };
        var view = Given.View(Given.Top, 3f, Given.Candidate(probability));
        Assert.Equal(expected, ViewPolicy.Judge(view, true, m => m == Given.VerifierModel ? verifier : Given.Approved(m)).Conclusion.ToString());
    }

    [Theory]
    [InlineData(3.99f, "OK")]
    [InlineData(4f, "Review")]
    [InlineData(9f, "Review")]
    public void A_verifier_clears_only_what_good_parts_can_look_like(float score, string expected) =>
        Assert.Equal(expected, Judge(Given.View(Given.Top, score, Given.Candidate(0.1f)), hasVerifier: true));

    [Theory]
    [InlineData(9.99f, "OK")]
    [InlineData(10f, "Review")]
    [InlineData(float.NaN, "Fallback(NotInspectable)")]
    [InlineData(float.NegativeInfinity, "Fallback(NotInspectable)")]
    public void An_image_out_of_distribution_is_Review(float ood, string expected)
    {
        Assert.Equal(expected, Judge(Given.View(Given.Top, 0f) with { OodScore = ood }, hasVerifier: true));
        Assert.Equal(expected, Judge(Given.View(Given.Top, 0f) with { OodScore = ood }, hasVerifier: false));
    }

    [Theory]
    [InlineData(ViewOutcome.Unreadable, "Fallback(Unreadable)")]
    [InlineData(ViewOutcome.NotInspectable, "Fallback(NotInspectable)")]
    [InlineData(ViewOutcome.Shed, "Fallback(Shed)")]
    [InlineData(ViewOutcome.LostAtSource, "Fallback(LostAtSource)")]
    [InlineData(ViewOutcome.NoModel, "Fallback(NoModel)")]
    [InlineData((ViewOutcome)0, "Fallback(NotInspectable)")]
    [InlineData((ViewOutcome)99, "Fallback(NotInspectable)")]
    public void A_view_without_a_score_falls_back_with_its_reason_however_good_its_numbers_look(ViewOutcome outcome, string expected) =>
        Assert.Equal(expected, Judge(Given.View(Given.Top, 0f) with { Outcome = outcome }, hasVerifier: false));

    [Fact]
    public void A_model_that_nobody_approved_decides_nothing()
    {
        var good = Given.View(Given.Top, 0f);
        Assert.Equal("Fallback(NoModel)", Judge(good with { Coarse = null }, hasVerifier: false));
        Assert.Equal("Fallback(NoModel)", Judge(good with { Coarse = Given.Stamp(Given.OtherModel) }, hasVerifier: false));
        Assert.Equal("Fallback(NoModel)", Judge(good with { Coarse = Given.Stamp(Given.VerifierModel) }, hasVerifier: false)); // approved, for something else
        var candidate = Given.View(Given.Top, 3f, Given.Candidate(0f));
        Assert.Equal("Fallback(NoModel)", Judge(candidate with { Verifier = null }, hasVerifier: true));
        Assert.Equal("Fallback(NoModel)", Judge(candidate with { Verifier = Given.Stamp(Given.OtherModel) }, hasVerifier: true));
        Assert.Equal("Fallback(NoModel)", Judge(candidate with { Verifier = Given.Stamp(Given.CoarseModel) }, hasVerifier: true));
    }

    [Fact]
    public void A_candidate_that_was_found_is_judged_even_where_the_coarse_score_asks_for_none()
    {
        Assert.Equal("NG", Judge(Given.View(Given.Top, 0f, Given.Candidate(0.9f)), hasVerifier: true));
        Assert.Equal("Review", Judge(Given.View(Given.Top, 0f, Given.Candidate(0f, verified: false)), hasVerifier: true));
        Assert.Equal("OK", Judge(Given.View(Given.Top, 0f, Given.Candidate(0f)), hasVerifier: true));
    }

    [Theory]
    [InlineData("candidate")]
    [InlineData("reject")]
    [InlineData("clear")]
    [InlineData("ood")]
    [InlineData("tolerance")]
    [InlineData("ok")]
    public void A_threshold_that_is_no_number_lets_nothing_pass(string which)
    {
        var coarse = which switch
        {
            "candidate" => Given.Coarse with { Candidate = float.NaN },
            "reject" => Given.Coarse with { Reject = float.NaN },
            "clear" => Given.Coarse with { ClearLimit = float.NaN },
            "ood" => Given.Coarse with { OodLimit = float.NaN },
            "tolerance" => Given.Coarse with { Tolerance = float.NaN },
            _ => Given.Coarse,
        };
        var verifier = which == "ok" ? Given.Verifier with { OkProbability = float.NaN } : Given.Verifier;
        ModelPolicy? Of(Digest m) => m == Given.CoarseModel ? coarse : verifier;
        var hasVerifier = which is not "reject";
        var views = which is "clear" or "ok" ? [Given.View(Given.Top, 3f, Given.Candidate(0f))] : new[] { Given.View(Given.Top, 0f) };
        Assert.All(views, v => Assert.False(ViewPolicy.Judge(v, hasVerifier, Of).Conclusion.IsOk));
    }

    [Fact]
    public void The_sensor_sends_a_tie_to_the_verifier_and_no_score_without_a_value()
    {
        Assert.True(ViewPolicy.IsCandidate(1f, Given.Coarse));
        Assert.True(ViewPolicy.IsCandidate(0.75f, Given.Coarse with { Tolerance = 0.25f }));
        Assert.False(ViewPolicy.IsCandidate(0.99f, Given.Coarse));
        Assert.False(ViewPolicy.IsCandidate(float.NaN, Given.Coarse));
    }

    private static string Judge(ViewEvidence view, bool hasVerifier, ModelPolicy? coarse = null) =>
        ViewPolicy.Judge(view, hasVerifier, m => m == Given.CoarseModel && coarse is not null ? coarse : Given.Approved(m)).Conclusion.ToString();
}
