using FsCheck.Xunit;
using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Gate;

/// <summary>Rules G5, J4: every act is reported, in order, without gaps, until the journal has it.</summary>
public sealed class GateReportTests
{
    private readonly GateCore _gate = Started();

    [Fact]
    public void The_bitmap_says_what_was_done_least_significant_bit_first()
    {
        bool[] done = [true, false, true, true, false, false, false, true, false, true];
        Assert.All(done, _gate.Did);
        var report = _gate.Report(Ms(0), flush: false)!;
        Assert.Equal(new LineCommands.ReportGateActs(Given.Line, Given.Front, 1, 1, 10, [0b1000_1101, 0b10]), report);
        var recorded = new GateActed(0, Given.Front, 1, report.From, report.Count, report.Passed);
        Assert.Equal(done, Enumerable.Range(0, 10).Select(recorded.IsPassed));
    }

    [Fact]
    public void A_report_waits_for_its_batch_unless_flushed_and_comes_again_until_recorded()
    {
        _gate.Did(true);
        Assert.Null(_gate.Report(Ms(0), flush: false));
        var first = _gate.Report(Ms(0), flush: true);
        _gate.Did(true); // what comes meanwhile is no part of a report that is under way
        Assert.Null(_gate.Report(Ms(999), flush: true));
        Assert.Equal(first, _gate.Report(Ms(1000), flush: true));
        _gate.Recorded(1, 1); // the journal has nothing yet
        Assert.Equal(2, _gate.Unreported);
        _gate.Recorded(1, 2);
        Assert.Equal((2L, 1), (_gate.Report(Ms(1001), flush: true)!.From, _gate.Unreported));
    }

    [Fact]
    public void An_answer_of_another_epoch_records_nothing()
    {
        _gate.Did(true);
        _ = _gate.Report(Ms(0), flush: true);
        _gate.Recorded(2, 2);
        Assert.Equal(1, _gate.Unreported);
        _ = _gate.Begin(2, Ms(0));
        Assert.Equal(0, _gate.Unreported); // act unknown (rule J4)
        Assert.Null(_gate.Report(Ms(5000), flush: true));
    }

    [Property(MaxTest = 300)]
    public void A_journal_that_loses_repeats_and_delays_ends_with_every_act_in_order(bool[] done, byte[] luck)
    {
        var gate = Started();
        var journal = new List<bool>();
        var (now, next) = (Ms(0), 0);
        for (var i = 0; next < done.Length || gate.Unreported > 0; i++)
        {
            var l = luck.Length == 0 || i > 4 * luck.Length ? 7 : luck[i % luck.Length];
            if (next < done.Length)
            {
                gate.Did(done[next++]);
            }

            now += Ms(l % 5 * 400);
            if (gate.Report(now, flush: (l & 4) != 0) is { } report && (l & 3) != 0)
            {
                Assert.True(report.From <= journal.Count + 1, "a gap");
                var acted = new GateActed(0, Given.Front, 1, report.From, report.Count, report.Passed);
                for (var bit = journal.Count + 1 - report.From; bit < report.Count; bit++)
                {
                    journal.Add(acted.IsPassed((int)bit));
                }
            }

            if ((l & 2) != 0)
            {
                gate.Recorded(1, journal.Count + 1);
            }

            Assert.True(i < 10_000, "the gate never got rid of its acts");
            now += Ms(200);
        }

        Assert.Equal(done, journal);
    }

    private static GateCore Started()
    {
        var gate = new GateCore(Given.Line, Given.Front, new GateOptions { Transport = Transport.Indexed, Travel = TimeSpan.Zero, ReportBatch = 10 });
        Assert.Empty(gate.Begin(1, TimeSpan.Zero));
        return gate;
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
