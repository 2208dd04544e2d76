using Inspection.Audit.Totals;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

public sealed class TotalsTests
{
    [Fact]
    public void A_journal_is_counted_part_by_part()
    {
        var totals = JournalTotals.Of(new StoryJournal(Story.Whole(), Story.Whole("other")));
        Assert.Equal(2, totals.Lines.Count);
        var line = totals.Lines[0];
        Assert.Equal((10L, 4L, 4L, 2L), (line.Accepted, line.Decided, line.Fallback, line.Open));
        Assert.Equal((3L, 1L, 0L, 3L), (line.Ok, line.Ng, line.Review, line.Passed));
        Assert.Equal([("Deadline", 1L), ("NotInspectable", 1L), ("Shed", 2L)], line.FallbackBy.Select(p => (p.Key, p.Value)));
        Assert.Equal([("crack", 1L)], line.DefectBy.Select(p => (p.Key, p.Value)));
        Assert.Equal((2L, 2L), (line.Candidates, line.Verified));
        Assert.Equal(new VerifierChanges(Cleared: 1, Rejected: 1, ToReview: 0), line.VerifierChanged);
        Assert.Null(line.Quality);
        Assert.True(totals.All.IsConserved);
        Assert.Equal("accepted 20 = decided 8 + fallback 8 + open 4", totals.All.Equation);
    }

    [Fact]
    public void Escapes_and_overkill_are_counted_against_labels()
    {
        var totals = JournalTotals.Of(new StoryJournal(Story.Whole()), (_, id) => id == "good/7.png" ? null : id.Split('/')[0]);

        // good: 1, 2 OK; 5 deadline, 6 shed, 8 not inspectable. bad: 3 NG, 4 OK. unlabelled: 7
        Assert.Equal(new QualityTotals(Good: 5, Bad: 2, Unlabelled: 1, Escapes: 1, Overkill: 3), totals.All.Quality);
        Assert.Equal(0.5, totals.All.Quality!.EscapeRate);
        Assert.Equal(0.6, totals.All.Quality.OverkillRate);
        Assert.Contains("\"escapes\": 1", totals.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Latency_quantiles_are_within_half_a_percent()
    {
        var s = new Story().Begin().See([.. Enumerable.Range(1, 1000).Select(i => $"p{i}")]);
        for (var i = 1; i <= 1000; i++)
        {
            _ = s.Tell(s.Concluded(i, $"p{i}", s.View(Story.Top, 0.1f), s.View(Story.Side, 0.1f)) with { Elapsed = TimeSpan.FromMilliseconds(i * 0.1) });
        }

        var latency = JournalTotals.Of(new StoryJournal(s)).All.LatencyMs;
        Assert.InRange(latency.P50, 50 * 0.995, 50 * 1.005);
        Assert.InRange(latency.P99, 99 * 0.995, 99 * 1.005);
    }

    [Fact]
    public void An_empty_journal_counts_nothing()
    {
        var totals = JournalTotals.Of(new StoryJournal());
        Assert.Equal(0, totals.All.Accepted);
        Assert.True(double.IsNaN(totals.All.LatencyMs.P50));
        Assert.Contains("\"accepted\": 0", totals.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_that_concludes_more_than_is_open_ends_in_words_and_not_in_an_endless_count()
    {
        var s = new Story().Begin().See("a").FallBack(1, long.MaxValue);
        Assert.Contains("only 1 are open", Assert.Throws<InvalidDataException>(() => JournalTotals.Of(new StoryJournal(s))).Message, StringComparison.Ordinal);
    }
}
