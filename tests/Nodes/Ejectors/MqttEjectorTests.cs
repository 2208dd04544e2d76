using Inspection.Nodes.Hosting.Setup;
using Inspection.Tests.Support;
using Xunit;

namespace Inspection.Nodes.Tests.Ejectors;

/// <summary>Rules G1, G4, G5 over a real broker. Whatever happens on the way: a part that passed is never said to be diverted.</summary>
[Trait("Speed", "Slow")]
public sealed class MqttEjectorTests
{
    [Fact]
    public async Task A_pass_reaches_the_receiver_with_key_and_window_and_its_act_comes_back()
    {
        using var broker = MqttBroker.Start();
        await using var plc = new SimulatedPlc(broker.Port, EjectorRig.Topic, "l1", "s1");
        await using var rig = new EjectorRig(broker);
        Assert.Equal(false, rig.Pass(TimeSpan.FromSeconds(2)).Said); // nobody is there yet
        rig.Ejector.Begin(1, stands: false);
        _ = await rig.PassesAsync(plc);
        var pulse = Assert.Single(plc.Pulses);
        Assert.Equal((rig.Acted[^1].Key.Counter, "l1", "s1", 1L, $"part-{rig.Acted[^1].Key.Counter}"), (pulse.Pass.Counter, pulse.Pass.Line, pulse.Pass.Station, pulse.Pass.Epoch, pulse.Pass.ExternalId));
        Assert.InRange(pulse.Pass.WindowMs, 1, 3000); // two seconds, counted from a beat that is at most one second old
    }

    [Fact]
    public async Task What_a_broker_that_hung_delivers_late_is_diverted_and_said_to_be()
    {
        using var broker = MqttBroker.Start();
        await using var plc = new SimulatedPlc(broker.Port, EjectorRig.Topic, "l1", "s1");
        await using var rig = new EjectorRig(broker);
        rig.Ejector.Begin(1, stands: false);
        _ = await rig.PassesAsync(plc);
        var late = await Eventually.SeesAsync(
            async () =>
            {
                broker.Freeze();
                var pass = rig.Pass(TimeSpan.FromMilliseconds(200));
                var over = MonotonicClock.System.Now + TimeSpan.FromMilliseconds(400);
                _ = await Eventually.SeesAsync(() => Task.FromResult(MonotonicClock.System.Now), now => now > over, "the window to close");
                broker.Thaw();
                _ = await Eventually.SeesAsync(() => Task.FromResult(rig.DidWith(pass)), did => did == false, "the part to be diverted", more: () => $"{plc}\n{broker.Log}");
                return plc.Judged.LastOrDefault(j => j.Pass.Counter == pass.Key.Counter);
            },
            judged => judged?.Did.Answer?.Why == "late", // else the machine was that slow that it was never sent, or the watchdog came first
            "a pass to be refused as late",
            more: () => $"{plc}");
        Assert.DoesNotContain(plc.Pulses, p => p.Pass.Counter == late!.Pass.Counter);
        _ = await rig.PassesAsync(plc);
    }

    [Fact]
    public async Task Without_a_broker_every_part_is_diverted_at_once_and_with_it_again_they_pass()
    {
        using var broker = MqttBroker.Start();
        await using var plc = new SimulatedPlc(broker.Port, EjectorRig.Topic, "l1", "s1");
        await using var rig = new EjectorRig(broker);
        rig.Ejector.Begin(1, stands: false);
        _ = await rig.PassesAsync(plc);
        broker.Kill();
        _ = await Eventually.SeesAsync(() => Task.FromResult(rig.Pass(TimeSpan.FromSeconds(2)).Said), said => said == false, "to know that the broker is gone");
        _ = await Eventually.SeesAsync(() => Task.FromResult(plc.IsAtRest), rests => rests, "the receiver to fall to rest");
        rig.Ejector.Halt("said while nobody heard it");
        broker.StartAgain();
        _ = await Eventually.SeesAsync(() => Task.FromResult(plc.Runs[^1]), run => run is { Run: false, Why: "said while nobody heard it" }, "the line's stop to come with the broker", more: () => broker.Log);
        rig.Ejector.Run();
        _ = await rig.PassesAsync(plc);
        Assert.All(plc.Pulses, p => Assert.DoesNotContain(rig.Acted, a => a.Key.Counter == p.Pass.Counter && !a.Passed));
    }

    [Fact]
    public async Task A_pass_that_the_broker_delivers_twice_acts_once()
    {
        using var broker = MqttBroker.Start();
        await using var plc = new SimulatedPlc(broker.Port, EjectorRig.Topic, "l1", "s1", breaks: 1);
        await using var rig = new EjectorRig(broker);
        rig.Ejector.Begin(1, stands: false);
        _ = await rig.PassesAsync(plc);
        var again = await Eventually.SeesAsync(() => Task.FromResult(plc.Judged.FirstOrDefault(j => j.Redelivered)), j => j is not null, "the broker to deliver again", more: () => $"{plc}\n{broker.Log}");
        Assert.False(again!.Did.Pulse);
        var first = plc.Judged.First(j => j.Pass.Counter == again.Pass.Counter);
        Assert.Equal(first.Did.Answer, again.Did.Answer);
        _ = await rig.PassesAsync(plc);
        Assert.Equal(plc.Pulses.Count, plc.Pulses.Select(p => p.Pass.Counter).Distinct().Count());
        Assert.Equal(rig.Acted.Count, rig.Acted.Select(a => a.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_receiver_that_starts_later_hears_whether_the_line_may_run()
    {
        using var broker = MqttBroker.Start();
        await using var rig = new EjectorRig(broker);
        rig.Ejector.Halt("5 parts in a row had no verdict"); // with the epoch that finds the line stopped
        rig.Ejector.Begin(4, stands: true);
        await using (var early = new SimulatedPlc(broker.Port, EjectorRig.Topic, "l1", "s1"))
        {
            var run = await Eventually.SeesAsync(() => Task.FromResult(early.Runs.FirstOrDefault()), r => r is not null, "the line's stop", more: () => broker.Log);
            Assert.Equal((4L, false, "5 parts in a row had no verdict"), (run!.Epoch, run.Run, run.Why));
            rig.Ejector.Run();
            _ = await Eventually.SeesAsync(() => Task.FromResult(early.IsAtRest), rests => !rests, "the line's permission", more: () => $"{early}");
        }

        await using var late = new SimulatedPlc(broker.Port, EjectorRig.Topic, "l1", "s1");
        _ = await Eventually.SeesAsync(() => Task.FromResult(late.IsAtRest), rests => !rests, "the permission that the broker keeps", more: () => $"{late}");
    }

    [Fact]
    public async Task User_and_password_come_from_the_environment_and_a_wrong_one_diverts()
    {
        const string user = "INSPECTION_TESTS_MQTT_USER", right = "INSPECTION_TESTS_MQTT_RIGHT", wrong = "INSPECTION_TESTS_MQTT_WRONG";
        Environment.SetEnvironmentVariable(user, "gate");
        Environment.SetEnvironmentVariable(right, "a secret");
        Environment.SetEnvironmentVariable(wrong, "another");
        using var broker = MqttBroker.Start("gate", "a secret");
        await using var plc = new SimulatedPlc(broker.Port, EjectorRig.Topic, "l1", "s1", user: "gate", password: "a secret");
        await using (var refused = new EjectorRig(broker, user, wrong))
        {
            refused.Ejector.Begin(1, stands: false);
            _ = await Eventually.SeesAsync(() => Task.FromResult(broker.Log), log => log.Contains("not authorised", StringComparison.OrdinalIgnoreCase), "the broker to refuse");
            Assert.Equal(false, refused.Pass(TimeSpan.FromSeconds(2)).Said);
        }

        await using var rig = new EjectorRig(broker, user, right);
        rig.Ejector.Begin(1, stands: false);
        _ = await rig.PassesAsync(plc);
    }
}
