using Inspection.Benchmarks.Rig;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;

namespace Inspection.Benchmarks;

/// <summary>Where a frame's time goes: the product's stages one by one, and what is left of the whole path.</summary>
internal static class StageTimes
{
    private const int Calls = 200;
    private const int Runs = 20;

    /// <param name="whole">CPU milliseconds a frame of the whole embedded path.</param>
    public static void AddTo(Report report, ModelPackage package, Frames frames, BareLoop bare, double whole)
    {
        using var ring = new FrameRing(1, frames.Side * frames.Side, package.Manifest.Preparation.TensorLength);
        _ = ring.TryRent(out var slot);
        using var camera = new MemoryCamera(frames, static _ => { });
        var sentinel = new Sentinel(new SentinelOptions());
        var preparer = new Preparer(package.Manifest.Preparation);
        (string Name, TimeSpan Time)[] stages =
        [
            ("capture: the copy into the slot", ThreadCpu.Of(Calls, _ => camera.Capture("", slot))),
            ("sentinel", ThreadCpu.Of(Calls, _ => sentinel.Check(slot))),
            ("prepare", ThreadCpu.Of(Calls, _ => preparer.Run(slot))),
            ("tensor digest (SHA-256)", ThreadCpu.Of(Calls, _ => Digest.Of(slot.Tensor))),
            ("session", ThreadCpu.Of(Runs, _ => bare.Infer())),
        ];
        slot.Release();
        var rest = whole - stages.Sum(s => s.Time.TotalMilliseconds);
        foreach (var (name, time) in stages)
        {
            report.Add($"  {name}", time.TotalMilliseconds, $"CPU ms a frame, {time.TotalMilliseconds / whole:0.0 %}");
        }

        report.Add("  everything else: stream, dispatcher, ledger, journal, gate", rest, $"CPU ms a frame, {rest / whole:0.0 %}");
        report.Add("  whole embedded path", whole, "CPU ms a frame");
    }
}
