using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;
using Inspection.Decisions.Gate;
using Inspection.Nodes.Hosting.Nodes;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Sensor;
using Inspection.Nodes.Sensor.Ejectors.Mqtt;
using Inspection.Protocol;
using Inspection.Tests.Support;

namespace Inspection.Nodes.Tests.Ejectors;

/// <summary>The gate's side of an ejector over MQTT, fed as a gate feeds it, and what it was told.</summary>
internal sealed class EjectorRig : IAsyncDisposable
{
    public const string Topic = "plant/l1/s1";

    private static readonly TriggerKey First = new(new LineId("l1"), new StationId("s1"), 1, 1);
    private static readonly TimeSpan FeedEvery = TimeSpan.FromMilliseconds(20);

    private readonly NodeMetrics _metrics = new();
    private readonly ConcurrentQueue<GateInput.Acted> _acted = new();
    private readonly PeriodicTimer _timer = new(FeedEvery);
    private readonly Task _feeding;
    private long _counter;

    public EjectorRig(MqttBroker broker, string? userVariable = null, string? passwordVariable = null)
    {
        var context = new SensorContext(new NodeId("n1"), ActorRefs.Nobody, ActorRefs.Nobody, MonotonicClock.System, _metrics);
        var plan = new MqttPlan(new HostPort("127.0.0.1", broker.Port), Topic, userVariable, passwordVariable);
        Ejector = new MqttEjector(context, First.Line, First.Station, plan, _acted.Enqueue, NoLogger.Instance);
        _feeding = Task.Run(async () =>
        {
            while (await _timer.WaitForNextTickAsync())
            {
                Ejector.Feed(MonotonicClock.System.Now);
            }
        });
    }

    public MqttEjector Ejector { get; }

    public IReadOnlyList<GateInput.Acted> Acted => [.. _acted];

    /// <summary>The next part.</summary>
    /// <returns>Its key and what the ejector said at once.</returns>
    public (TriggerKey Key, bool? Said) Pass(TimeSpan window)
    {
        var key = First with { Counter = ++_counter };
        var now = MonotonicClock.System.Now;
        return (key, Ejector.Pass(new GateAct(key, $"part-{_counter}", true, "OK", GateVerdict.Decided, now + window), now));
    }

    /// <summary>What it said at once, or later; null: nothing yet.</summary>
    public bool? DidWith((TriggerKey Key, bool? Said) pass) => pass.Said ?? Acted.FirstOrDefault(a => a.Key == pass.Key)?.Passed;

    /// <summary>Part after part until one has passed.</summary>
    public Task<bool?> PassesAsync(SimulatedPlc plc) => Eventually.SeesAsync(
        async () =>
        {
            var pass = Pass(TimeSpan.FromSeconds(2));
            return pass.Said is null ? await Eventually.SeesAsync(() => Task.FromResult(DidWith(pass)), did => did is not null, "an answer", more: () => $"{plc}") : pass.Said;
        },
        did => did == true,
        "a part to pass",
        more: () => $"{plc}");

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _feeding;
        Ejector.Dispose();
        _metrics.Dispose();
    }
}
