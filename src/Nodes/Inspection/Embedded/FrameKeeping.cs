using Inspection.Nodes.Hosting.Plants;
using Inspection.Nodes.Hosting.Telemetry;
using Inspection.Nodes.Sensor.Archive;
using Inspection.Protocol;
using Inspection.Vision.Archive;

namespace Inspection.Embedded;

/// <summary>A node's frame archive as the plant file wants it (rule J10).</summary>
internal static class FrameKeeping
{
    /// <returns>Null: the plant keeps no frames.</returns>
    /// <exception cref="PlantException">The folder cannot be written.</exception>
    public static FrameArchivist? Open(ArchivePlan? plan, NodeId node, NodeMetrics metrics, Action<string> warn)
    {
        try
        {
            return plan is null ? null : new FrameArchivist(new FrameArchive(plan.Folder), new FrameSpool(plan.SpoolOf(node.Value)), plan.OkSample, metrics, warn);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlantException($"the frame archive {plan!.Folder} cannot be written: {e.Message}; name another folder (archive: {{ folder: ... }})");
        }
    }
}
