namespace Inspection.Nodes.Hosting.Plants;

/// <summary>The frame archive (rule J10).</summary>
/// <param name="Folder">Where frames are kept, in clear; nodes may share it.</param>
/// <param name="OkSample">The share of OK parts' frames that are kept, 0 to 1; those of all other parts are.</param>
public sealed record ArchivePlan(string Folder, double OkSample)
{
    /// <summary>Where a node's frames wait for their parts' conclusions.</summary>
    public string SpoolOf(string node) => Path.Combine(Folder, "spool", node);
}
