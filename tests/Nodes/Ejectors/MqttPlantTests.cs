using System.Globalization;
using Inspection.Nodes.Tests.Embedded;
using Inspection.Tests.Support;
using Inspection.Tests.Support.Cluster;
using Xunit;

namespace Inspection.Nodes.Tests.Ejectors;

/// <summary>A plant's own process, a broker's, and a PLC between: what the journal says that the ejector did is what it did, or on the safe side of it.</summary>
[Trait("Speed", "Slow")]
[Collection(FittedModelsCollection.Name)]
public sealed class MqttPlantTests(FittedModels fitted)
{
    private const string Topic = "plant/l1/s1";

    [Fact]
    public async Task A_plant_lives_through_a_dead_broker_and_a_killed_plant_leaves_the_receiver_at_rest()
    {
        using var scratch = new Scratch();
        using var broker = MqttBroker.Start();
        await using var plc = new SimulatedPlc(broker.Port, Topic, "l1", "s1");
        var plant = scratch.File("plant.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            plant: mqtt
            state: state
            lines:
              - line: l1
                recipe: { name: r, coarse: "{{fitted.Coarse}}" }
                stations:
                  - station: s1
                    pace: 4/s
                    gate: { travel: 2 s, pass_window: 250 ms, ejector: mqtt, mqtt: { broker: "127.0.0.1:{{broker.Port}}", topic: {{Topic}} } }
                    cameras: [ { camera: c1, synthetic: { seed: 9, width: {{FittedModels.Side}}, height: {{FittedModels.Side}}, defect_rate: 0 } } ]
            """));
        var journal = scratch["state/journal.db"];
        using (var run = InspectionProcess.Start("run", "--plant", plant))
        {
            _ = await run.UntilAsync(() => plc.Pulses.Count, n => n >= 3, $"3 parts pass ({broker.Log})");
            broker.Kill();
            var before = LineStory.Read(journal, "l1").Acts.Count;
            _ = await run.UntilAsync(() => LineStory.Read(journal, "l1").Acts.Values.Skip(before + 20).Count(passed => !passed), n => n >= 10, "parts to be diverted and journalled while the broker is dead");
            Assert.True(plc.IsAtRest, $"{plc}");
            Assert.Contains("MQTT broker", run.Error, StringComparison.Ordinal);
            var pulses = plc.Pulses.Count;
            broker.StartAgain();
            _ = await run.UntilAsync(() => plc.Pulses.Count, n => n >= pulses + 3, "parts to pass again");
            Assert.Single(run.Error.Split('\n'), l => l.Contains("is away", StringComparison.Ordinal));
            run.Send(Signal.Kill);
            _ = await run.EndAsync();
        }

        _ = await Eventually.SeesAsync(() => Task.FromResult(plc.IsAtRest), rests => rests, "the receiver to fall to rest without heartbeats");
        var story = LineStory.Read(journal, "l1");
        Assert.All(plc.Pulses, p =>
        {
            var key = new PartKey(p.Pass.Epoch, p.Pass.Counter);
            Assert.Equal(story.Accepted[key], p.Pass.ExternalId);
            Assert.True(story.ConclusionOf(key).IsOk, $"{key} passed, and is {story.ConclusionOf(key)}");
            Assert.True(story.Acts.GetValueOrDefault(key, true), $"{key} passed, and the journal says diverted");
        });
        Assert.InRange(plc.Pulses.Count, 6, int.MaxValue);
        _ = (await InspectionProcess.RunAsync("audit", "verify", "--plant", plant)).Expect(0);
    }
}
