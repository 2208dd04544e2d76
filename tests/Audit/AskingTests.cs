using Inspection.Audit.Asking;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>What an auditor asks of records: what was in force at an instant, and what another threshold would have decided.</summary>
public sealed class AskingTests
{
    private static readonly DateTime Start = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);
    private static readonly CounterfactualRange All = new(null, null, new HashSet<LineId>());

    [Fact]
    public void Before_the_first_record_nothing_was_in_force()
    {
        using var journal = new StoryJournal(Story.Whole());
        var at = LineSituation.At(journal, new LineId("tile"), Start);
        Assert.Equal((0, null), (at.LastSequence, at.Recipe));
        Assert.Empty(at.Models);
        Assert.Empty(at.Stations);
    }

    [Fact]
    public void Recipe_models_thresholds_and_leases_of_an_instant_are_those_recorded_before_it()
    {
        var story = new Story().Begin();
        var first = Start.AddMilliseconds(story.Events.Count);
        _ = story.End().Activate(Packages.Coarse(candidate: 0.15)).Grant(2);
        using var journal = new StoryJournal(story);

        var before = LineSituation.At(journal, story.Line, first);
        Assert.Equal(("tile", 4, 1), (before.Recipe!.Name, before.LastSequence, Assert.Single(before.Stations).Epoch));
        Assert.Equal(["Coarse", "Verifier"], before.Models.Select(m => m.Stage));
        Assert.All(before.Models, m => Assert.True(m.SelfApproved));
        Assert.Equal((2, "anna"), (before.Models[0].Sequence, before.Models[0].By));

        var after = LineSituation.At(journal, story.Line, Start.AddHours(1));
        Assert.Equal((6, 2), (after.Models[0].Sequence, Assert.Single(after.Stations).Epoch));
        Assert.NotEqual(before.Models[0].Thresholds, after.Models[0].Thresholds);
        Assert.Equal(0.15f, after.Models[0].Values["candidate"]);
        var said = new StringWriter();
        after.Print(said);
        Assert.Contains("SELF-APPROVED", said.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The parts are those that a replay with the same threshold in a package names.</summary>
    [Fact]
    public void Another_threshold_changes_the_parts_it_must_and_no_others()
    {
        using var journal = new StoryJournal(Story.Whole());
        var report = Counterfactual.Run(journal, new CounterfactualPolicy(new Dictionary<string, float> { ["candidate"] = 0.15f }, 100, 1), All, LabelOf);
        Assert.Equal(["good/1.png", "good/2.png", "crack/4.png"], report.Changed.Select(c => c.ExternalId));
        Assert.Equal(3, report.Moves["OK -> Review"]);
        Assert.Equal((4, 3, 4), (report.Judged, report.ChangedCount, report.NotJudged)); // two at their deadline or unreadable, two as a range
        Assert.Equal(report.Recorded!.Escapes - 1, report.Would!.Escapes); // crack/4.png no longer passes
        Assert.Equal(report.Recorded.Overkill + 2, report.Would.Overkill);
        Assert.Equal(report.Recorded.Cost - 100 + 2, report.Would.Cost);
        Assert.NotEmpty(report.SelfApproved);
    }

    [Fact]
    public void Without_a_known_truth_nothing_is_said_of_escapes_or_money()
    {
        using var journal = new StoryJournal(Story.Whole());
        var report = Counterfactual.Run(journal, new CounterfactualPolicy(new Dictionary<string, float> { ["candidate"] = 0.15f }, 100, 1), All, truthOf: null);
        Assert.Equal((null, null, 3), (report.Recorded, report.Would, report.ChangedCount));
        var said = new StringWriter();
        report.Print(said);
        Assert.Contains("no escapes and no money", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cost", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_recorded_thresholds_change_nothing_and_a_range_is_kept_to()
    {
        using var journal = new StoryJournal(Story.Whole());
        var same = Counterfactual.Run(journal, new CounterfactualPolicy(new Dictionary<string, float> { ["ng_probability"] = LineSituation.At(journal, new LineId("tile"), DateTime.MaxValue).Models[1].Values["ng_probability"] }, null, null), All, null);
        Assert.Equal(0, same.ChangedCount);
        Assert.True(same.Judged > 3);
        var none = Counterfactual.Run(journal, new CounterfactualPolicy(new Dictionary<string, float> { ["candidate"] = 0.15f }, null, null), All with { Before = Start.AddMilliseconds(5) }, null);
        Assert.Equal(0, none.Judged);
        var late = Counterfactual.Run(journal, new CounterfactualPolicy(new Dictionary<string, float> { ["candidate"] = 0.15f }, null, null), All with { From = Start.AddDays(1) }, null);
        Assert.Equal(0, late.Judged);
    }

    private static string? LabelOf(string externalId) => externalId.Split('/')[0];
}
