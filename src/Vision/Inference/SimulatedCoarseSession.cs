using System.Diagnostics;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Models;

namespace Inspection.Vision.Inference;

/// <summary>How long a simulated run takes: L(b) = Base + b * PerFrame (rule W5).</summary>
public sealed record SimulatedLatency(TimeSpan Base, TimeSpan PerFrame)
{
    public TimeSpan Of(int batch) => Base + (batch * PerFrame);
}

/// <summary>
/// Stands in for a GPU where capacity and scheduling are tried without one: takes the time that a run would, without using the CPU, and finds
/// every frame bad by the package's own policy, so that a plant where it was left on lets nothing pass (promise P4). Its stamp says
/// "simulated", for ever, in every record.
/// </summary>
public sealed class SimulatedCoarseSession : IBatchSession
{
    public const string Provider = "simulated";

    private readonly SimulatedLatency _latency;
    private readonly CoarseResult _bad;
    private readonly float[] _map;

    /// <exception cref="ArgumentException">The package is a verifier.</exception>
    public SimulatedCoarseSession(ModelPackage package, SimulatedLatency latency)
    {
        var coarse = package.Manifest.Coarse ?? throw new ArgumentException($"package {package.Directory} is a verifier, a coarse model is wanted", nameof(package));
        (Manifest, _latency) = (package.Manifest, latency);
        Stamp = Stamps.Of(package, new InferenceOptions()) with { Provider = Provider };
        _bad = new CoarseResult(Above(MathF.Max(package.Policy.Candidate, package.Policy.Reject), package.Policy.Tolerance), Below(package.Policy.OodLimit, 0));
        _map = new float[coarse.MapHeight * coarse.MapWidth];
    }

    public PackageManifest Manifest { get; }

    public InferenceStamp Stamp { get; }

    public ReadOnlySpan<float> AnomalyMap => _map;

    public CoarseResult Run(FrameSlot slot)
    {
        Wait(_latency.Of(1));
        return _bad;
    }

    public void Run(ReadOnlySpan<FrameSlot> slots, int bucket, Span<CoarseResult> results)
    {
        Wait(_latency.Of(bucket));
        results[..slots.Length].Fill(_bad);
    }

    public ReadOnlySpan<float> MapOf(int index) => _map;

    public void Dispose()
    {
    }

    /// <summary>Clearly on the bad side: a tenth of the limit and twice the tolerance above it.</summary>
    private static float Above(float limit, float tolerance) => float.IsFinite(limit) ? limit + (2 * tolerance) + MathF.Max(1e-3f, MathF.Abs(limit) * 0.1f) : float.MaxValue;

    /// <summary>Clearly on the good side: a tenth of the limit and twice the tolerance below it.</summary>
    private static float Below(float limit, float tolerance) => float.IsFinite(limit) ? limit - (2 * tolerance) - MathF.Max(1e-3f, MathF.Abs(limit) * 0.1f) : 0;

    /// <summary>Sleeps whole milliseconds, which is what the system can, and spins what is left of the last.</summary>
    private static void Wait(TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        while (true)
        {
            var left = TimeSpan.FromSeconds((double)(end - Stopwatch.GetTimestamp()) / Stopwatch.Frequency);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            if (left >= TimeSpan.FromMilliseconds(1.2))
            {
                Thread.Sleep((int)(left - TimeSpan.FromMilliseconds(0.2)).TotalMilliseconds);
            }
            else
            {
                Thread.SpinWait(20);
            }
        }
    }
}
