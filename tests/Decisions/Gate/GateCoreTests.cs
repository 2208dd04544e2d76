using FsCheck;
using FsCheck.Xunit;
using Inspection.Decisions.Gate;
using Inspection.Protocol;

namespace Inspection.Decisions.Tests.Gate;

/// <summary>Rules G1-G5, promise P3: what the gate does with each part.</summary>
public sealed class GateCoreTests
{
    private static readonly Conclusion Ok = Conclusion.Decided(Verdict.Ok);
    private static readonly Conclusion[] All = [Ok, Conclusion.Decided(Verdict.Ng), Conclusion.Decided(Verdict.Review), Conclusion.FellBack(FallbackReason.Deadline), default];
    private readonly GateCore _belt = Started(Transport.Conveyor);
    private readonly GateCore _indexed = Started(Transport.Indexed);

    [Fact]
    public void A_part_passes_on_a_committed_OK_in_time()
    {
        _belt.Announce(1, 1, "a", Ms(2000));
        Assert.Empty(_belt.Close(Key(1), Ok));
        Assert.Equal(Ms(3000), _belt.NextArrival);
        Assert.Empty(_belt.Tick(Ms(2999), mayPass: true));
        Assert.Equal(new GateAct(Key(1), "a", true, "OK", GateVerdict.Decided, Ms(3100)), Assert.Single(_belt.Tick(Ms(3000), mayPass: true)));
    }

    [Fact]
    public void Nothing_but_OK_passes()
    {
        for (var i = 0; i < All.Length; i++)
        {
            _belt.Announce(1, i + 1, $"{i}", Ms(2000 + i));
            _ = _belt.Close(Key(i + 1), All[i]);
            _indexed.Announce(1, i + 1, $"{i}", Ms(2000 + i));
            Assert.Equal(All[i].IsOk, Assert.Single(_indexed.Close(Key(i + 1), All[i])).Pass);
        }

        Assert.Equal([true, false, false, false, false], _belt.Tick(Ms(3010), mayPass: true).Select(a => a.Pass));
    }

    [Fact]
    public void A_part_that_arrives_before_its_verdict_is_diverted_and_a_late_verdict_is_not_kept()
    {
        _belt.Announce(1, 1, "a", Ms(2000));
        Assert.False(Assert.Single(_belt.Tick(Ms(3000), mayPass: true)).Pass);
        Assert.Empty(_belt.Close(Key(1), Ok));
        Assert.Equal(0, _belt.Known); // promise P8
        Assert.Empty(_belt.Tick(Ms(9000), mayPass: true));
    }

    [Fact]
    public void A_gate_that_wakes_too_late_for_a_part_pulses_no_more()
    {
        _belt.Announce(1, 1, "gone", Ms(2000));
        _belt.Announce(1, 2, "there", Ms(2100));
        _ = _belt.Close(Key(1), Ok);
        _ = _belt.Close(Key(2), Ok);
        Assert.Equal([false, true], _belt.Tick(Ms(3101), mayPass: true).Select(a => a.Pass));
    }

    [Fact]
    public void Without_the_lease_nothing_passes()
    {
        _belt.Announce(1, 1, "a", Ms(2000));
        _ = _belt.Close(Key(1), Ok);
        Assert.False(Assert.Single(_belt.Tick(Ms(3000), mayPass: false)).Pass);
    }

    [Fact]
    public void An_indexed_part_waits_for_the_lease_and_a_bad_one_does_not()
    {
        _indexed.Announce(1, 1, "bad", Ms(0));
        _indexed.Announce(1, 2, "good", Ms(0));
        Assert.False(Assert.Single(_indexed.Close(Key(1), All[1], mayPass: false)).Pass);
        Assert.Empty(_indexed.Close(Key(2), Ok, mayPass: false));
        Assert.Empty(_indexed.Tick(Ms(10), mayPass: false));
        Assert.Equal("good", Assert.Single(_indexed.Tick(Ms(20), mayPass: true)).ExternalId);
    }

    [Fact]
    public void After_a_start_the_conveyor_diverts_for_one_travel()
    {
        var gate = new GateCore(Given.Line, Given.Front, new GateOptions { Transport = Transport.Conveyor, Travel = Ms(1000) });
        _ = gate.Begin(1, Ms(5000));
        gate.Announce(1, 1, "in transit", Ms(4999));
        gate.Announce(1, 2, "after", Ms(5000));
        _ = gate.Close(Key(1), Ok);
        _ = gate.Close(Key(2), Ok);
        Assert.Equal([false, true], gate.Tick(Ms(6000), mayPass: true).Select(a => a.Pass));
    }

    [Fact]
    public void An_indexed_belt_acts_in_its_own_order_whatever_order_the_verdicts_have()
    {
        for (var c = 1; c <= 3; c++)
        {
            _indexed.Announce(1, c, $"{c}", Ms(0));
        }

        Assert.Empty(_indexed.Close(Key(3), Ok));
        Assert.Empty(_indexed.Close(Key(2), All[1]));
        Assert.Equal([(1L, true), (2L, false), (3L, true)], _indexed.Close(Key(1), Ok).Select(a => (a.Key.Counter, a.Pass)));
        Assert.Null(_indexed.NextArrival);
    }

    [Theory]
    [InlineData(Transport.Conveyor)]
    [InlineData(Transport.Indexed)]
    public void A_change_of_epoch_diverts_what_is_on_the_belt(Transport transport)
    {
        foreach (var change in new Func<GateCore, IReadOnlyList<GateAct>>[] { g => g.Fence(), g => g.Begin(2, Ms(2500)) })
        {
            var gate = Started(transport);
            gate.Announce(1, 1, "a", Ms(2000));
            gate.Announce(1, 2, "b", Ms(2100));
            _ = gate.Close(Key(2), Ok);
            Assert.Equal([(Key(1), false), (Key(2), false)], change(gate).Select(a => (a.Key, a.Pass)));
            Assert.Equal((0, 0), (gate.OnBelt, gate.Known));
            Assert.Empty(gate.Close(Key(1), Ok)); // its verdict comes too late, and names another epoch
            Assert.Empty(gate.Tick(Ms(9000), mayPass: true));
        }
    }

    [Fact]
    public void An_old_verdict_never_serves_a_part_of_a_new_epoch()
    {
        _ = _belt.Begin(2, Ms(2000));
        _belt.Announce(1, 1, "old", Ms(2500));
        _belt.Announce(2, 1, "new", Ms(2500));
        _ = _belt.Close(Key(1), Ok);
        var act = Assert.Single(_belt.Tick(Ms(3500), mayPass: true));
        Assert.Equal(("new", false), (act.ExternalId, act.Pass));
    }

    [Fact]
    public void The_first_conclusion_of_a_part_stands()
    {
        _belt.Announce(1, 1, "a", Ms(2000));
        _ = _belt.Close(Key(1), All[1]);
        _ = _belt.Close(Key(1), Ok);
        Assert.False(Assert.Single(_belt.Tick(Ms(3000), mayPass: true)).Pass);
    }

    [Property(MaxTest = 500)]
    public void Whatever_comes_in_whatever_order_only_a_committed_OK_passes_and_each_part_acts_once(byte[] script, bool conveyor)
    {
        var gate = Started(conveyor ? Transport.Conveyor : Transport.Indexed);
        var (now, counter, epoch) = (Ms(2000), 0L, 1L);
        var told = new Dictionary<TriggerKey, Conclusion>();
        var acts = new List<GateAct>();
        foreach (var b in script)
        {
            now += Ms(b % 7 * 40);
            switch (b >> 5)
            {
                case 0 or 1 or 2:
                    gate.Announce(epoch, ++counter, $"{counter}", now);
                    break;
                case 3 or 4 or 5:
                    var key = Key(Math.Max(1, counter - (b % 5))) with { Epoch = epoch };
                    _ = told.TryAdd(key, All[b % All.Length]);
                    Take(gate.Close(key, told[key], b % 3 > 0), b % 3 > 0);
                    break;
                case 6:
                    Take(gate.Tick(now, b % 3 > 0), b % 3 > 0);
                    break;
                default:
                    Take(b % 4 > 0 ? [] : gate.Begin(++epoch, now), false);
                    counter = b % 4 > 0 ? counter : 0;
                    break;
            }

            Assert.InRange(gate.Known, 0, gate.OnBelt + 1); // promise P8: nothing is kept for parts that are gone
        }

        Assert.Equal(acts.Count, acts.Select(a => a.Key).Distinct().Count());
        Assert.Equal(acts.Select(a => a.Key).Order(), acts.Select(a => a.Key));

        void Take(IReadOnlyList<GateAct> list, bool mayPass)
        {
            Assert.All(list.Where(a => a.Pass), a => Assert.True(mayPass && told[a.Key].IsOk));
            acts.AddRange(list);
        }
    }

    private static GateCore Started(Transport transport)
    {
        var gate = new GateCore(Given.Line, Given.Front, new GateOptions { Transport = transport, Travel = Ms(1000) });
        Assert.Empty(gate.Begin(1, Ms(0)));
        return gate;
    }

    private static TriggerKey Key(long counter) => new(Given.Line, Given.Front, 1, counter);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
