using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>Chains that are whole and whose records say together what honest ones never say.</summary>
public sealed class FindingTests
{
    private static readonly DateTime _now = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_whole_story_has_no_finding_and_reports_open_parts_as_open()
    {
        var report = JournalVerifier.Verify(new StoryJournal(Story.Whole()));
        Assert.True(report.IsGood, $"{report.First}");
        var line = Assert.Single(report.Lines);
        Assert.Equal((2L, 3L, 2L, 1L), (line.Open, line.Passed, line.ActUnknown, line.UnknownTails));
        Assert.True(line.IsConserved);
    }

    [Fact]
    public void A_second_terminal_record_is_found()
    {
        var s = Begun();
        AssertFinds(s.FallBack(2, 2).FallBack(1, 2), FindingKind.Terminal, "has a terminal record already");
        s = Begun();
        AssertFinds(s.Conclude(1, "a", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)).Conclude(1, "a", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)), FindingKind.Terminal, "tile/1/1");
    }

    [Fact]
    public void A_terminal_record_without_acceptance_is_found()
    {
        var s = Begun();
        AssertFinds(s.Conclude(3, "c", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)), FindingKind.Terminal, "never accepted");
        AssertFinds(Begun().FallBack(2, 3), FindingKind.Terminal, "1..2 were accepted");
        AssertFinds(Begun().FallBack(0, 1), FindingKind.Terminal, "1..2 were accepted");
        AssertFinds(Begun().FallBack(2, 1), FindingKind.Terminal, "1..2 were accepted");
    }

    [Fact]
    public void A_part_concluded_under_another_name_is_found()
    {
        var s = Begun();
        AssertFinds(s.Conclude(1, "b", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)), FindingKind.Terminal, "accepted as 'a'");
    }

    [Fact]
    public void An_epoch_that_ends_with_open_parts_or_another_count_is_found()
    {
        AssertFinds(Begun().FallBack(1, 1).End(), FindingKind.Terminal, "tile/1/2");
        AssertFinds(Begun().FallBack(1, 2).Tell(new EpochEnded(1, Story.Station, 1, 5, EpochTail.Exact, "x")), FindingKind.Counter, "2 were accepted");
    }

    [Fact]
    public void Epochs_that_fall_overlap_or_live_on_are_found()
    {
        AssertFinds(Begun().FallBack(1, 2).End().Grant(1), FindingKind.Epoch, "epochs only rise");
        AssertFinds(Begun().Grant(2), FindingKind.Epoch, "before epoch 1 was ended");
        AssertFinds(Begun().FallBack(1, 2).End().See("c"), FindingKind.Epoch, "its epoch 1 was ended");
        AssertFinds(new Story().Begin().Tell(new TriggersSeen(1, new StationId("other"), 1, 1, ["a"])), FindingKind.Epoch, "no epoch was granted");
        AssertFinds(Begun().FallBack(1, 2).End().Grant(2).Tell(new PartsFellBack(1, Story.Station, 1, 1, 1, FallbackReason.Shed, "")), FindingKind.Epoch, "its current epoch is 2");
    }

    [Fact]
    public void A_restore_is_reported_and_one_that_lets_lost_keys_come_again_is_found()
    {
        JournalRestored Restored(long floor) => new(1, floor, 1, Digest.Of("backup"u8), "anna@n1");
        var whole = JournalVerifier.Verify(new StoryJournal(Begun().FallBack(1, 2).End().Tell(Restored(100)).Grant(101).See("c")));
        Assert.True(whole.IsGood, $"{whole.First}");
        Assert.Equal(1, Assert.Single(whole.Lines).Restores);
        AssertFinds(Begun().Tell(Restored(100)), FindingKind.Epoch, "was current");
        AssertFinds(Begun().FallBack(1, 2).End().Tell(Restored(100)).Grant(2), FindingKind.Epoch, "epochs only rise");
        AssertFinds(Begun().FallBack(1, 2).End().Tell(Restored(0)), FindingKind.Epoch, "epoch floor 0");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Counters_with_gaps_or_repeats_are_found(long upTo) =>
        AssertFinds(Begun().Tell(new TriggersSeen(1, Story.Station, 1, upTo, ["c"])), FindingKind.Counter, "no gaps and no repeats");

    [Fact]
    public void A_pass_without_a_committed_OK_before_is_found()
    {
        AssertFinds(Begun().Gate(1, true), FindingKind.Gate, "no conclusion was committed before");
        AssertFinds(Begun().FallBack(1, 1).Gate(1, true), FindingKind.Gate, "Fallback(Shed)");
        var s = Begun();
        AssertFinds(s.Conclude(1, "a", s.View(Story.Top, 0.5f, 0.95f), s.View(Story.Side, 0.1f)).Gate(1, true), FindingKind.Gate, "its committed conclusion is NG");

        // committed, but only after the act
        s = Begun();
        AssertFinds(s.Gate(1, true).Conclude(1, "a", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)), FindingKind.Gate, "no conclusion was committed before");
    }

    [Fact]
    public void Acts_with_gaps_repeats_or_beyond_the_accepted_are_found()
    {
        AssertFinds(Begun().Gate(2, false), FindingKind.Gate, "follow acts up to 0");
        AssertFinds(Begun().Gate(1, false).Gate(1, false), FindingKind.Gate, "follow acts up to 1");
        AssertFinds(Begun().Gate(1, false, false, false), FindingKind.Gate, "trigger 3");
    }

    [Fact]
    public void An_OK_by_a_model_that_was_not_activated_is_found()
    {
        var s = Begun();
        var foreign = Packages.Stamp(Packages.Policy(Packages.Coarse())) with { ModelDigest = Digest.Of("foreign"u8) };
        var ok = s.Concluded(1, "a", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f));
        AssertFinds(s.Tell(ok with { Views = [ok.Views[0] with { Coarse = foreign }, ok.Views[1]] }), FindingKind.Model, "was not activated before");
        s = Begun();
        AssertFinds(s.Tell(ok with { Views = [ok.Views[0] with { Verifier = foreign }, ok.Views[1]] }), FindingKind.Model, "the verifier of view top");
    }

    [Fact]
    public void An_activation_that_contradicts_its_own_package_is_found()
    {
        var policy = Packages.Policy(Packages.Coarse());
        AssertFinds(new Story().Tell(new ModelActivated(1, policy with { Reject = 99 }, "m", Packages.Coarse(), "", "self-approved", "a", "")), FindingKind.Model, "is not what its package.json");
        AssertFinds(new Story().Tell(new ModelActivated(1, policy, "m", "{}", "", "self-approved", "a", "")), FindingKind.Model, "gives no policy");
    }

    [Fact]
    public void A_part_decided_for_another_recipe_is_found()
    {
        var s = Begun();
        AssertFinds(s.Tell(s.Concluded(1, "a", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)) with { RecipeName = "bolt" }), FindingKind.Recipe, "'tile' was active");
    }

    [Fact]
    public void Changes_of_an_interlock_that_skip_or_repeat_are_found()
    {
        InterlockChanged Change(long change, string station = "s1") => new(_now.Ticks, new StationId(station), change, change % 2 == 0 ? "dora" : "", "why");
        Assert.True(JournalVerifier.Verify(new StoryJournal(Begun().Tell(Change(1)).Tell(Change(2)).Tell(Change(3)))).IsGood);
        AssertFinds(Begun().Tell(Change(2)), FindingKind.Counter, "change 2 of the interlock of station s1 is recorded after change 0");
        AssertFinds(Begun().Tell(Change(1)).Tell(Change(1)), FindingKind.Counter, "after change 1");
        AssertFinds(Begun().Tell(Change(1, "s9")), FindingKind.Counter, "station s9");
    }

    [Fact]
    public void Reviews_and_late_evidence_of_parts_that_are_not_so_are_found()
    {
        var key = new TriggerKey(new LineId("tile"), Story.Station, 1, 1);
        AssertFinds(Begun().Tell(new PartReviewed(_now.Ticks, key, Conclusion.Decided(Verdict.Ng), Verdict.Ok, "b", "")), FindingKind.Terminal, "is open");
        AssertFinds(Begun().FallBack(1, 1).Tell(new PartReviewed(_now.Ticks, key, Conclusion.Decided(Verdict.Ng), Verdict.Ok, "b", "")), FindingKind.Terminal, "is Fallback(Shed)");
        AssertFinds(Begun().Tell(new PartReviewed(_now.Ticks, key with { Epoch = 7 }, default, Verdict.Ok, "b", "")), FindingKind.Terminal, "no such part");
        AssertFinds(Begun().Tell(new LateEvidence(_now.Ticks, key, Story.Side, ViewOutcome.Scored, 1)), FindingKind.Terminal, "not concluded before");
    }

    [Fact]
    public void Findings_print_the_record_in_words_and_as_JSON()
    {
        var report = JournalVerifier.Verify(new StoryJournal(Begun().Gate(1, true)));
        var text = new StringWriter();
        report.Print(text);
        Assert.Contains("NOT verified: 1 findings, the first: record 6 of line tile: the gate passed part tile/1/1", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"kind\": \"gate\"", report.ToJson(), StringComparison.Ordinal);
    }

    private static Story Begun() => new Story().Begin().See("a", "b");

    /// <summary>Exactly the last told record is the first bad one, unless it only became wrong by what came before.</summary>
    private static void AssertFinds(Story story, FindingKind kind, string words)
    {
        var report = JournalVerifier.Verify(new StoryJournal(story));
        Assert.True(report.First is { } f && f.Kind == kind && f.What.Contains(words, StringComparison.Ordinal), $"expected {kind} with '{words}', found: {string.Join(" | ", report.Findings)}");
        Assert.InRange(report.First!.Sequence, story.Events.Count - 1, story.Events.Count);
    }
}
