using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Gate;

/// <summary>Rules L2, G1, G3, G5 at the gate's shell side, and its interlock.</summary>
public sealed class GateControlTests
{
    private static readonly Conclusion Ok = Conclusion.Decided(Verdict.Ok);
    private static readonly Conclusion Ng = Conclusion.Decided(Verdict.Ng);
    private static readonly Conclusion Lost = Conclusion.FellBack(FallbackReason.Shed);

    private readonly GateControl _gate = new(Given.Line, Given.Front, new GateOptions { Transport = Transport.Indexed, Travel = Ms(1000), StopAfter = 3 });
    private TimeSpan _now = Ms(10_000);
    private long _counter;

    public GateControlTests()
    {
        _ = Step(new GateInput.Begin(1, 0));
        _ = Step(new GateInput.Lease(Ms(1_000_000), 0));
    }

    [Fact]
    public void So_many_fallbacks_in_a_row_stop_the_line_and_the_stop_is_told_until_the_journal_has_it()
    {
        Assert.DoesNotContain(Part(Lost).Concat(Part(Lost)), e => e is GateEffect.Halt);
        Assert.Equal($"3 parts in a row had no verdict, the last one {Key(3)}: {Lost}", Part(Lost).OfType<GateEffect.Halt>().Single().Why);
        Assert.True(_gate.IsHalted);
        var told = Told(Step(GateInput.Tick.Instance));
        Assert.Equal((1L, 0L), (told!.Epoch, told.Changes));
        Assert.Null(Told(Step(GateInput.Tick.Instance)));
        _now += Ms(1000);
        Assert.Equal(told, Told(Step(GateInput.Tick.Instance)));
        Assert.Empty(Step(new GateInput.InterlockHeard(1)));
        _now += Ms(1000);
        Assert.Null(Told(Step(GateInput.Tick.Instance)));
    }

    [Fact]
    public void A_verdict_of_any_kind_begins_the_count_anew()
    {
        foreach (var verdict in new[] { Ok, Ng, Conclusion.Decided(Verdict.Review) })
        {
            Assert.DoesNotContain(Part(Lost).Concat(Part(Lost)).Concat(Part(verdict)), e => e is GateEffect.Halt);
        }
    }

    [Fact]
    public void While_the_line_stands_an_OK_is_diverted()
    {
        Stop();
        var act = Assert.IsType<GateEffect.Divert>(Assert.Single(Part(Ok))).Act;
        Assert.Equal((false, "OK, but the interlock has stopped the line"), (act.Pass, act.Why));
    }

    [Fact]
    public void Only_one_change_more_than_the_stop_lets_it_run_and_old_news_does_not()
    {
        Stop();
        Assert.Empty(Step(new GateInput.Lease(Ms(1_000_000), 0))); // sent before the stop was journalled
        Assert.Empty(Step(new GateInput.Lease(Ms(1_000_000), 1)));
        Assert.IsType<GateEffect.Run>(Assert.Single(Step(new GateInput.Lease(Ms(1_000_000), 2))));
        Assert.Empty(Step(new GateInput.InterlockHeard(1)));
        Assert.False(_gate.IsHalted);
        Assert.IsType<GateEffect.Pass>(Assert.Single(Part(Ok)));
        Assert.DoesNotContain(Part(Lost).Concat(Part(Lost)), e => e is GateEffect.Halt); // counted from zero again
    }

    [Fact]
    public void A_gate_that_starts_on_a_stopped_line_stands_and_a_stop_the_journal_lost_stands_and_is_told_again()
    {
        var fresh = new GateControl(Given.Line, Given.Front, new GateOptions { Transport = Transport.Indexed, Travel = Ms(1000) });
        Assert.IsType<GateEffect.Halt>(Assert.Single(fresh.Step(new GateInput.Begin(2, 1), _now)));
        Assert.IsType<GateEffect.Run>(Assert.Single(fresh.Step(new GateInput.InterlockHeard(2), _now)));
        Assert.Empty(fresh.Step(new GateInput.Begin(3, 2), _now));

        Stop();
        _ = Step(new GateInput.Fence());
        _ = Step(new GateInput.Begin(2, 0)); // the stop died with the epoch
        Assert.True(_gate.IsHalted);
        _now += Ms(1000);
        Assert.Equal((2L, 0L), (Told(Step(GateInput.Tick.Instance))!.Epoch, 0L));
    }

    [Fact]
    public void A_conveyor_that_stood_purges_before_it_passes_again()
    {
        var belt = new GateControl(Given.Line, Given.Front, new GateOptions { Transport = Transport.Conveyor, Travel = Ms(1000) });
        _ = belt.Step(new GateInput.Begin(1, 1), Ms(0));
        _ = belt.Step(new GateInput.Lease(Ms(1_000_000), 1), Ms(0));
        _ = belt.Step(new GateInput.Announce(1, 1, "stood on the belt", Ms(4_900)), Ms(4_900));
        _ = belt.Step(new GateInput.Closed(Key(1), Ok), Ms(4_950));
        Assert.IsType<GateEffect.Run>(Assert.Single(belt.Step(new GateInput.InterlockHeard(2), Ms(5_000))));
        _ = belt.Step(new GateInput.Announce(1, 2, "came after", Ms(5_000)), Ms(5_000));
        _ = belt.Step(new GateInput.Closed(Key(2), Ok), Ms(5_050));
        Assert.Equal([false, true], belt.Step(GateInput.Tick.Instance, Ms(6_000)).Where(e => e is GateEffect.Pass or GateEffect.Divert).Select(e => e is GateEffect.Pass));
    }

    [Fact]
    public void Acts_are_reported_as_the_ejector_says_in_order_and_no_answer_counts_as_passed()
    {
        _ = Part(Ok);
        _ = Part(Ok);
        _ = Part(Ng);
        _ = Step(new GateInput.Acted(Key(2), false)); // it could not
        Assert.Null(Report(Step(GateInput.Tick.Instance))); // the first is not answered yet
        _ = Step(new GateInput.Acted(Key(1), true));
        Assert.Equal(new LineCommands.ReportGateActs(Given.Line, Given.Front, 1, 1, 3, [0b001]), Report(Step(GateInput.Tick.Instance)));
        _ = Step(new GateInput.Recorded(1, 4));
        _ = Part(Ok);
        _now += Ms(2000);
        var late = Step(GateInput.Tick.Instance);
        Assert.Equal(new LineCommands.ReportGateActs(Given.Line, Given.Front, 1, 4, 1, [1]), Report(late));
        Assert.Equal(Key(4), late.OfType<GateEffect.Unanswered>().Single().Key);
        Assert.Equal(0, _gate.Asking);
    }

    [Fact]
    public void It_is_drained_when_the_journal_has_every_act()
    {
        _ = Part(Ng);
        Assert.DoesNotContain(Step(new GateInput.Drain()), e => e is GateEffect.Drained);
        Assert.Equal(1, Step(new GateInput.Recorded(1, 2)).OfType<GateEffect.Drained>().Single().Epoch);
    }

    [Fact]
    public void Without_its_lease_nothing_passes()
    {
        _ = Step(new GateInput.Lease(_now, 0));
        Assert.Empty(Part(Ok));
        _ = Step(new GateInput.Lease(_now + Ms(1), 0));
        Assert.IsType<GateEffect.Pass>(Assert.Single(Step(GateInput.Tick.Instance)));
    }

    private void Stop()
    {
        _ = Part(Lost);
        _ = Part(Lost);
        _ = Part(Lost);
    }

    private List<GateEffect> Part(Conclusion conclusion)
    {
        _ = Step(new GateInput.Announce(1, ++_counter, $"{_counter}", _now));
        return Step(new GateInput.Closed(Key(_counter), conclusion));
    }

    private List<GateEffect> Step(GateInput input) => [.. _gate.Step(input, _now)];

    private static LineCommands.ReportStopped? Told(IEnumerable<GateEffect> effects) => effects.OfType<GateEffect.Tell>().Select(t => t.Message).OfType<LineCommands.ReportStopped>().SingleOrDefault();

    private static LineCommands.ReportGateActs? Report(IEnumerable<GateEffect> effects) => effects.OfType<GateEffect.Tell>().Select(t => t.Message).OfType<LineCommands.ReportGateActs>().SingleOrDefault();

    private static TriggerKey Key(long counter) => new(Given.Line, Given.Front, 1, counter);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
