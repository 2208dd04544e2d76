using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kind_of_conclusion_replays_bit_exactly()
    {
        var report = ReplayR0.Run(new StoryJournal(Story.Whole()), new JournalPolicies());
        Assert.True(report.IsGood, report.ToJson());
        Assert.Equal((6L, 2L), (report.Compared, report.FellBackByRange));
    }

    [Fact]
    public void A_replay_is_given_neither_verdict_nor_reason() => Assert.Equal(
        ["Deadline", "Elapsed", "Key", "Views"],
        typeof(ReplayInput).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void A_threshold_changed_in_a_package_flips_the_parts_it_must_and_no_others()
    {
        var folder = Packages.Write(_folder["coarse"], Packages.Coarse(candidate: 0.15));
        var report = ReplayR0.Run(new StoryJournal(Story.Whole()), PackagePolicies.FromFolders([folder]));

        // good/1.png: side 0.2 is a candidate now, which no verifier looked at; crack/4.png likewise; good/2.png's side too
        Assert.Equal(["good/1.png", "good/2.png", "crack/4.png"], report.Differences.Select(d => d.ExternalId).Take(3));
        Assert.All(report.Differences, d => Assert.Equal(("OK", "Review"), (d.Recorded, d.Replayed)));
        Assert.Equal((3L, 3L), (report.DifferenceCount, report.Flipped));
        Assert.Equal(FindingKind.Thresholds, Assert.Single(report.Findings).Kind);
        Assert.False(report.IsGood);
    }

    [Fact]
    public void A_verifier_threshold_changed_in_a_package_flips_its_part()
    {
        _ = Packages.Write(_folder["packages/verifier"], Packages.Verifier(ng: 0.99));
        _ = Packages.Write(_folder["packages/coarse"], Packages.Coarse());
        var report = ReplayR0.Run(new StoryJournal(Story.Whole()), PackagePolicies.FromFolders([_folder["packages"]]));
        var only = Assert.Single(report.Differences);
        Assert.Equal(("tile/1/3", "NG", "Review"), (only.Part, only.Recorded, only.Replayed));
    }

    [Fact]
    public void The_packages_that_were_used_replay_bit_exactly()
    {
        _ = Packages.Write(_folder["packages/verifier"], Packages.Verifier());
        _ = Packages.Write(_folder["packages/coarse"], Packages.Coarse());
        var policies = PackagePolicies.FromFolders([_folder["packages"]]);
        Assert.Equal(2, policies.Count);
        Assert.True(ReplayR0.Run(new StoryJournal(Story.Whole()), policies).IsGood);
    }

    [Fact]
    public void A_recorded_verdict_its_scores_do_not_give_is_a_difference()
    {
        AssertDiffers(p => p with { Conclusion = Conclusion.Decided(Verdict.Ok) }, "NG", "OK", flips: true);
        AssertDiffers(p => p with { Disposition = Disposition.Pass }, "NG", "NG", flips: false);
        AssertDiffers(p => p with { DefectClass = "fray" }, "NG", "NG", flips: false);
        AssertDiffers(p => p with { NearMissMargin = MathF.BitIncrement(p.NearMissMargin) }, "NG", "NG", flips: false);
    }

    [Fact]
    public void A_fallback_for_a_missing_view_before_the_deadline_is_a_difference()
    {
        var s = new Story().Begin().See("a");
        var early = s.Concluded(1, "a", s.View(Story.Top, 0.1f)) with { Elapsed = TimeSpan.FromMilliseconds(999) };
        var report = ReplayR0.Run(new StoryJournal(s.Tell(early)), new JournalPolicies());
        Assert.Contains("while side had not answered", Assert.Single(report.Differences).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_the_journal_did_not_activate_is_not_approved_by_a_package_on_disk()
    {
        var s = new Story().Begin().See("a");
        var all = s.Concluded(1, "a", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f));
        var foreign = Digest.Of("foreign"u8);
        _ = Packages.Write(_folder["foreign"], Packages.Coarse().Replace(Packages.CoarseModel.ToString(), foreign.ToString(), StringComparison.Ordinal));
        _ = s.Tell(all with { Views = [all.Views[0] with { Coarse = all.Views[0].Coarse! with { ModelDigest = foreign } }, all.Views[1]] });
        var report = ReplayR0.Run(new StoryJournal(s), PackagePolicies.FromFolders([_folder["foreign"]]));
        Assert.Equal("Fallback(NoModel)", Assert.Single(report.Differences).Replayed);
    }

    [Fact]
    public void Only_the_first_differences_are_listed_and_all_are_counted()
    {
        var s = new Story().Begin().See([.. Enumerable.Range(1, 50).Select(i => $"p{i}")]);
        for (var i = 1; i <= 50; i++)
        {
            _ = s.Tell(s.Concluded(i, $"p{i}", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)) with { Conclusion = Conclusion.Decided(Verdict.Ng) });
        }

        var report = ReplayR0.Run(new StoryJournal(s), new JournalPolicies());
        Assert.Equal((50L, 20), (report.DifferenceCount, report.Differences.Count));
        var text = new StringWriter();
        report.Print(text);
        Assert.Contains("and 30 more", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"difference_count\": 50", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_package_is_named()
    {
        _ = Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("no package.json", Assert.Throws<FormatException>(() => PackagePolicies.FromFolders([_folder["empty"]])).Message, StringComparison.Ordinal);
        Assert.Contains("there is no folder", Assert.Throws<FormatException>(() => PackagePolicies.FromFolders([_folder["none"]])).Message, StringComparison.Ordinal);
        Assert.Contains("package.json: package.json", Assert.Throws<FormatException>(() => PackagePolicies.FromFolders([Packages.Write(_folder["bad"], "{}")])).Message, StringComparison.Ordinal);
    }

    private static void AssertDiffers(Func<PartConcluded, PartConcluded> forge, string replayed, string recorded, bool flips)
    {
        var s = new Story().Begin().See("a");
        _ = s.Tell(forge(s.Concluded(1, "a", s.View(Story.Top, 0.5f, 0.95f), s.View(Story.Side, 0.2f))));
        var report = ReplayR0.Run(new StoryJournal(s), new JournalPolicies());
        var only = Assert.Single(report.Differences);
        Assert.Equal((recorded, replayed, flips ? 1L : 0L), (only.Recorded, only.Replayed, report.Flipped));
    }
}
