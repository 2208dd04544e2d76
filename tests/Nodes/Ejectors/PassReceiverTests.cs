using Inspection.Nodes.Sensor.Ejectors.Mqtt;
using Xunit;

namespace Inspection.Nodes.Tests.Ejectors;

/// <summary>The receiving side of rules G1, G4 and G5, by its own clock.</summary>
public sealed class PassReceiverTests
{
    private static readonly PartBefore Someone = new(null);

    private readonly PassReceiver _receiver = new("l1", "s1", "plc-1");
    private long _now = 50_000;

    public PassReceiverTests()
    {
        _receiver.Hear(new RunMessage(1, 1, true, ""));
        Feed();
    }

    [Fact]
    public void A_pass_in_time_pulses_once_and_its_answer_is_the_same_however_often_it_comes()
    {
        var first = _receiver.Judge(Pass(7), Someone, _now);
        Assert.True(first.Pulse);
        Assert.Equal(new ActedMessage(1, "l1", "s1", 1, 7, true, ""), first.Answer);
        var second = _receiver.Judge(Pass(7), Someone, _now);
        Assert.Equal((false, first.Answer), (second.Pulse, second.Answer));
        _now += 10_000; // a copy that comes much later finds the same answer
        Assert.Equal(first.Answer, _receiver.Judge(Pass(7), Someone, _now).Answer);
    }

    [Fact]
    public void It_is_at_rest_until_it_is_told_to_run_and_fed_and_again_when_either_ends()
    {
        var fresh = new PassReceiver("l1", "s1", "plc-1");
        Assert.True(fresh.IsAtRest(_now));
        fresh.Hear(Heartbeat(), _now);
        Assert.True(fresh.IsAtRest(_now));
        Refuses("no permission", Pass(1), fresh);
        fresh.Hear(new RunMessage(1, 1, true, ""));
        Assert.False(fresh.IsAtRest(_now));
        fresh.Hear(new RunMessage(1, 1, false, "20 parts in a row had no verdict"));
        Refuses("no permission", Pass(2), fresh);

        _now += 1000;
        Assert.True(_receiver.IsAtRest(_now));
        Refuses("watchdog", Pass(1, beat: _now));
        Feed();
        Assert.False(_receiver.IsAtRest(_now));
    }

    [Fact]
    public void A_heartbeat_feeds_only_until_its_time_from_the_beat_it_names()
    {
        var late = Heartbeat();
        _now += 3000; // held up on its way, with others behind it
        _receiver.Hear(late, _now);
        Assert.True(_receiver.IsAtRest(_now));
        _receiver.Hear(Heartbeat() with { Receiver = "plc-0" }, _now); // an earlier start of this receiver beat
        Assert.True(_receiver.IsAtRest(_now));
        _receiver.Hear(Heartbeat() with { BeatMs = _now + 5000 }, _now); // no beat of this one
        Assert.True(_receiver.IsAtRest(_now));
    }

    [Fact]
    public void The_last_will_of_its_gate_puts_it_to_rest_and_that_of_an_earlier_gate_does_not()
    {
        _receiver.Hear(new HeartbeatMessage(1, "gate-0", "", 0, 0), _now);
        Assert.False(_receiver.IsAtRest(_now));
        _receiver.Hear(new HeartbeatMessage(1, "gate-1", "", 0, 0), _now);
        Assert.True(_receiver.IsAtRest(_now));
    }

    [Fact]
    public void What_is_late_or_of_another_clock_or_gate_or_part_is_diverted_and_stays_diverted()
    {
        Refuses("late", Pass(1, beat: _now - 101));
        Assert.False(_receiver.Judge(Pass(1), Someone, _now).Pulse); // judged: a better copy of it changes nothing
        Refuses("late", Pass(2, beat: _now + 1));
        Refuses("another gate", Pass(3) with { Gate = "gate-2" });
        Assert.Equal("no part is before the ejector", _receiver.Judge(Pass(4), null, _now).Answer!.Why);
        Assert.Equal("another part is before the ejector: other", _receiver.Judge(Pass(5), new PartBefore("other"), _now).Answer!.Why);
        Assert.True(_receiver.Judge(Pass(6), new PartBefore("part-6"), _now).Pulse);
        Refuses("a later part was judged before", Pass(5) with { Epoch = 0 });
        Assert.True(_receiver.Judge(Pass(1) with { Epoch = 2 }, Someone, _now).Pulse); // a new epoch counts from 1
        Refuses("a later part was judged before", Pass(8));
    }

    [Fact]
    public void It_says_nothing_of_what_an_earlier_start_or_a_forgotten_time_may_have_let_pass()
    {
        Silent(Pass(1) with { Receiver = "plc-0" });
        Silent(Pass(1) with { Station = "s2" });
        Assert.True(_receiver.Judge(Pass(1), Someone, _now).Pulse);
        for (var counter = 2; counter <= 66; counter++)
        {
            _ = _receiver.Judge(Pass(counter), Someone, _now);
        }

        Silent(Pass(1));
        Assert.NotNull(_receiver.Judge(Pass(40), Someone, _now).Answer);
    }

    [Fact]
    public void News_of_an_ended_epoch_does_not_let_a_stopped_line_run()
    {
        _receiver.Hear(new RunMessage(1, 3, false, "stopped"));
        _receiver.Hear(new RunMessage(1, 2, true, ""));
        Assert.False(_receiver.MayRun);
        _receiver.Hear(new RunMessage(1, 3, true, ""));
        Assert.True(_receiver.MayRun);
    }

    [Theory]
    [InlineData("""{"v":1,"receiver":"plc","beat_ms":4}""", true)]
    [InlineData("""{"v":1,"receiver":"plc","beat_ms":4,"later":"key"}""", true)]
    [InlineData("""{"v":2,"receiver":"plc","beat_ms":4}""", false)]
    [InlineData("""{"v":1,"receiver":"plc"}""", false)]
    [InlineData("""{"v":1,"receiver":null,"beat_ms":4}""", false)]
    [InlineData("""{"receiver":"plc","beat_ms":4}""", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void What_is_no_message_of_this_version_is_not_obeyed(string payload, bool read) =>
        Assert.Equal(read, EjectorJson.Read<BeatMessage>(System.Text.Encoding.UTF8.GetBytes(payload)) is not null);

    [Fact]
    public void Messages_read_as_written_with_the_keys_that_the_guide_shows()
    {
        var pass = Pass(7);
        Assert.Equal(pass, EjectorJson.Read<PassMessage>(EjectorJson.Write(pass)));
        Assert.Equal(
            """{"v":1,"gate":"gate-1","line":"l1","station":"s1","epoch":1,"counter":7,"external_id":"part-7","receiver":"plc-1","beat_ms":50000,"window_ms":100}""",
            System.Text.Encoding.UTF8.GetString(EjectorJson.Write(pass)));
    }

    private void Feed() => _receiver.Hear(Heartbeat(), _now);

    private HeartbeatMessage Heartbeat() => new(1, "gate-1", "plc-1", _now, 1000);

    private PassMessage Pass(long counter, long? beat = null) => new(1, "gate-1", "l1", "s1", 1, counter, $"part-{counter}", "plc-1", beat ?? _now, 100);

    private void Refuses(string why, PassMessage pass, PassReceiver? receiver = null)
    {
        var judged = (receiver ?? _receiver).Judge(pass, Someone, _now);
        Assert.False(judged.Pulse);
        Assert.Equal((pass.Epoch, pass.Counter, false), (judged.Answer!.Epoch, judged.Answer.Counter, judged.Answer.Passed));
        Assert.Contains(why, judged.Answer.Why, StringComparison.Ordinal);
    }

    private void Silent(PassMessage pass) => Assert.Equal(default, _receiver.Judge(pass, Someone, _now));
}
