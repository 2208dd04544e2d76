using Akka.Event;
using Inspection.Decisions.Gate;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Sensor.Ejectors.Mqtt;
using Inspection.Protocol;

namespace Inspection.Nodes.Sensor.Ejectors;

/// <summary>The ejector that a plant file names.</summary>
internal static class EjectorChoice
{
    /// <param name="acted">Told by an ejector that answers later; any thread.</param>
    public static IEjector Open(SensorContext context, LineId line, StationId station, GatePlan plan, Action<GateInput.Acted> acted, ILoggingAdapter log) => plan.Mqtt is { } mqtt
        ? new MqttEjector(context, line, station, mqtt, acted, log)
        : new SimulatedEjector(plan.EjectorLog);
}
