using Akka.Actor;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Sensor.Archive;
using Inspection.Protocol;
using Inspection.Vision.Cameras;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor;

/// <summary>What every actor of a sensor node is given.</summary>
/// <param name="Node">This node.</param>
/// <param name="Supervisors">The shard region of the line supervisors.</param>
/// <param name="Dispatcher">The node's <see cref="WorkDispatcher"/>.</param>
/// <param name="Frames">Null: the plant keeps no frames.</param>
public sealed record SensorContext(NodeId Node, IActorRef Supervisors, IActorRef Dispatcher, MonotonicClock Clock, NodeMetrics Metrics, FrameArchivist? Frames = null);

/// <summary>A station as this node serves it.</summary>
/// <param name="Source">The parts, in order.</param>
/// <param name="Cameras">One a view, in the plan's order.</param>
public sealed record StationSetup(LinePlan Line, StationPlan Plan, LineModels Models, IPartSource Source, IReadOnlyList<CameraSetup> Cameras);

/// <param name="Open">Opens the device; called again after it failed.</param>
public sealed record CameraSetup(CameraPlan Plan, Func<ICamera> Open);
