using Inspection.Decisions.Work;

namespace Inspection.Nodes.Hosting.Telemetry;

/// <summary>How a node's work stood at one instant.</summary>
public sealed record WorkSnapshot(StageStatus Coarse, StageStatus Verify, WorkCounts Counts, IReadOnlyList<WorkerStatus> Workers);
