using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Totals;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

/// <summary>What the live ledger writes, whatever happens to it, is what the auditor accepts: two programs that share only the policy.</summary>
public sealed class LedgerAgreementTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_random_life_of_a_ledger_verifies_replays_and_counts_the_same(int seed)
    {
        var life = RandomLife.Lived(seed);
        var story = life.Settle();
        var source = new StoryJournal(story);

        var verified = JournalVerifier.Verify(source);
        Assert.True(verified.IsGood, $"seed {seed}: {verified.First}");
        var replayed = ReplayR0.Run(source, new JournalPolicies());
        Assert.True(replayed.IsGood, $"seed {seed}: {replayed.ToJson()}");

        var (totals, state) = (JournalTotals.Of(source).All, life.Ledger.Committed);
        Assert.Equal(
            (state.Totals.Accepted, state.Totals.Decided, state.Totals.Fallback, state.OpenCount, state.Totals.Ok, state.Totals.Ng, state.Totals.Review),
            (totals.Accepted, totals.Decided, totals.Fallback, totals.Open, totals.Ok, totals.Ng, totals.Review));
        Assert.True(totals.Accepted > 20, $"seed {seed} accepted only {totals.Accepted} parts: the life is too dull to show anything");
        Assert.Equal(totals.Accepted, replayed.Compared + replayed.FellBackByRange + totals.Open);
    }

    [Fact]
    public void Random_lives_show_every_kind_of_event_and_conclusion()
    {
        var events = Enumerable.Range(1, 40).SelectMany(seed => RandomLife.Lived(seed).Settle().Events).ToList();
        Assert.Equal(
            typeof(ILineEvent).Assembly.GetExportedTypes().Where(t => t.IsClass && typeof(ILineEvent).IsAssignableFrom(t) && !typeof(ILogEvent).IsAssignableFrom(t)).Select(t => t.Name).Order(StringComparer.Ordinal),
            events.Select(e => e.GetType().Name).Distinct().Order(StringComparer.Ordinal));
        var conclusions = events.OfType<PartConcluded>().Select(e => e.Conclusion).ToHashSet();
        Assert.Equal(3, conclusions.Count(c => c.IsDecided));
        Assert.Equal(6, conclusions.Count(c => !c.IsDecided)); // SupervisorUnavailable comes only as a range
        Assert.Contains(events.OfType<GateActed>(), e => Enumerable.Range(0, e.Count).Any(e.IsPassed));
    }
}
