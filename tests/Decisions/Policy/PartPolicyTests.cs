using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Policy;

/// <summary>From views to a part: NG beats a fallback, a fallback beats Review, Review beats OK, and every view is required.</summary>
public sealed class PartPolicyTests
{
    private static readonly ViewEvidence Ok = Given.View(Given.Top, 0f);
    private static readonly ViewEvidence Ng = Given.View(Given.Left, 3f, Given.Candidate(0.9f));
    private static readonly ViewEvidence Review = Given.View(Given.Left, 3f);
    private static readonly ViewEvidence Shed = Given.Missing(Given.Right, ViewOutcome.Shed);
    private static readonly ViewEvidence Clear = Given.View(Given.Right, 0f);

    [Fact]
    public void NG_beats_a_fallback() => Expect("NG", Ok, Ng, Shed);

    [Fact]
    public void NG_beats_a_missing_view() => Expect("NG", Ok, Ng);

    [Fact]
    public void A_fallback_beats_Review() => Expect("Fallback(Shed)", Ok, Review, Shed);

    [Fact]
    public void A_missing_view_beats_Review() => Expect("Fallback(Deadline)", Ok, Review);

    [Fact]
    public void A_view_that_says_why_beats_one_that_is_missing() => Expect("Fallback(Shed)", Ok, Shed);

    [Fact]
    public void Review_beats_OK() => Expect("Review", Ok, Review, Clear);

    [Fact]
    public void Every_view_is_required()
    {
        ViewEvidence[] all = [Ok, Given.View(Given.Left, 0f), Clear];
        Expect("OK", all);
        Expect("Fallback(Deadline)");
        for (var i = 0; i < all.Length; i++)
        {
            Expect("Fallback(Deadline)", [.. all[..i], .. all[(i + 1)..]]);
        }
    }

    [Fact]
    public void Another_stations_views_and_cameras_count_for_nothing()
    {
        Assert.Equal("OK", PartPolicy.Judge(Given.Recipe, Given.Back, [Ok, Ng], Given.Approved).Conclusion.ToString());
        Assert.Equal("Fallback(NotInspectable)", PartPolicy.Judge(Given.Recipe, new StationId("elsewhere"), [Ok], Given.Approved).Conclusion.ToString());
    }

    [Fact]
    public void The_defect_class_chooses_what_happens_to_the_part()
    {
        Assert.Equal((Disposition.Rework, "dent"), Of(Ok, Ng, Clear));
        Assert.Equal((Disposition.Scrap, "crack"), Of(Ok, Given.View(Given.Left, 3f, Given.Candidate(0.9f, defect: "crack")), Clear));
        Assert.Equal((Disposition.Hold, ""), Of(Ok, Review, Clear));
        Assert.Equal((Disposition.Hold, ""), Of(Ok, Shed));
        Assert.Equal((Disposition.Pass, ""), Of(Ok, Given.View(Given.Left, 0f), Clear));

        static (Disposition, string) Of(params ViewEvidence[] views)
        {
            var judgement = PartPolicy.Judge(Given.Recipe, Given.Front, views, Given.Approved);
            return (judgement.Disposition, judgement.DefectClass);
        }
    }

    [Fact]
    public void The_reason_names_the_limiting_camera_and_the_margin_is_that_of_the_nearest_miss()
    {
        var ng = PartPolicy.Judge(Given.Recipe, Given.Front, [Ok, Ng, Clear], Given.Approved);
        Assert.StartsWith("left: ", ng.Reason, StringComparison.Ordinal);
        Assert.Equal(0.2f, ng.Margin, 5);
        var ok = PartPolicy.Judge(Given.Recipe, Given.Front, [Ok, Given.View(Given.Left, 0.9f), Clear], Given.Approved);
        Assert.Equal(0.1f, ok.Margin, 5);
    }

    private static void Expect(string conclusion, params ViewEvidence[] views) =>
        Assert.Equal(conclusion, PartPolicy.Judge(Given.Recipe, Given.Front, views, Given.Approved).Conclusion.ToString());
}
