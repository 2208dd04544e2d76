namespace Inspection.Protocol;

/// <summary>A frame of the archive, as a record names it (rule J10).</summary>
public readonly record struct NamedFrame(TriggerKey Key, CameraId Camera, Digest Frame)
{
    /// <summary>What this event names; most events name none.</summary>
    public static IEnumerable<NamedFrame> Of(ILineEvent e) => e switch
    {
        PartConcluded x => x.Views.Where(v => !v.FrameDigest.IsNone).Select(v => new NamedFrame(x.Key, v.Camera, v.FrameDigest)),
        LateEvidence { FrameDigest.IsNone: false } x => [new NamedFrame(x.Key, x.Camera, x.FrameDigest)],
        _ => [],
    };
}
