using System.Runtime.InteropServices;
using Inspection.Benchmarks.Rig;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;

namespace Inspection.Benchmarks;

/// <summary>
/// Bytes written between decoded frame and session input, over the tensor's bytes: one process, coarse. Three measurements: every byte of the
/// tensor is written; nothing else in the process changes with the frame and grows with the tensor (one staging buffer would make that 2); the
/// address the session reads from is the slot's.
/// </summary>
internal static unsafe class TensorBenchmark
{
    private const int Side = 256;
    private const int Tall = 8 * Side;
    private const int FrameSide = 320;

    public static Task<Report> RunAsync()
    {
        var report = new Report("Bytes written between decoded frame and session input, over the tensor's bytes", "./dev bench tensor");
        var frames = new Frames(FrameSide, 2);
        var (written, length) = WrittenTensorBytes(frames);
        report.Bound("bytes of the tensor that a preparation writes (two fill patterns)", (double)written / length, "of its bytes", "exactly 1", written == length);
        var slope = Slope(report);
        report.Bound("pages changed in the whole process, a further page of tensor", slope, "pages", "exactly 1", slope == 1);
        var distance = InputDistance(frames);
        report.Bound("address the session reads from, less the slot's tensor address", distance, "bytes", "exactly 0", distance == 0);
        report.Note("counted: pages of all writable memory of the process (heaps, stacks) in which preparing one frame changes at least half of the bytes that another,");
        report.Note("wholly different frame left there, for tensors of 256 x 256 and 256 x 2048. What does not grow with the tensor cancels out: one row of floats,");
        report.Note("2.3 KB, that the resize fills again and again in the first-level cache. A byte written twice with one value is not seen.");
        return Task.FromResult(report);
    }

    private static (int Written, int Length) WrittenTensorBytes(Frames frames)
    {
        var preparer = new Preparer(Spec(Side));
        var (low, high) = (new byte[Side * Side], new byte[Side * Side]);
        high.AsSpan().Fill(255);
        _ = preparer.Run(frames.Of(0), frames.Side, frames.Side, 1, low);
        _ = preparer.Run(frames.Of(0), frames.Side, frames.Side, 1, high);
        var equal = 0;
        for (var i = 0; i < low.Length; i++)
        {
            equal += low[i] == high[i] ? 1 : 0;
        }

        return (equal, low.Length);
    }

    private static double Slope(Report report)
    {
        _ = Pages(Side); // the runtime's own compiler writes memory until the code is warm
        var (few, many) = (Pages(Side), Pages(Tall));
        var page = Environment.SystemPageSize;
        report.Add($"pages changed by preparing {Side} x {Side}", few, $"of which the tensor {Side * Side / page}");
        report.Add($"pages changed by preparing {Side} x {Tall}", many, $"of which the tensor {Side * Tall / page}");
        return (double)(many - few) * page / (Side * (Tall - Side));
    }

    private static long Pages(int height)
    {
        var preparer = new Preparer(Spec(height));
        var length = Side * height;
        var (dark, bright) = (Noise(0), Noise(150));
        var tensor = (byte*)NativeMemory.AlignedAlloc((nuint)length, (nuint)Environment.SystemPageSize);
        try
        {
            return MemoryChanges.Pages(() => Prepare(dark), () => Prepare(bright));
        }
        finally
        {
            NativeMemory.AlignedFree(tensor);
        }

        void Prepare(byte[] frame) => _ = preparer.Run(frame, FrameSide, FrameSide, 1, new Span<byte>(tensor, length));
    }

    /// <summary>Frames of which no resized byte equals the other's: values from 0 to 99 above the base.</summary>
    private static byte[] Noise(byte above)
    {
        var random = new Random(above);
        var frame = new byte[FrameSide * FrameSide];
        for (var i = 0; i < frame.Length; i++)
        {
            frame[i] = (byte)(above + random.Next(100));
        }

        return frame;
    }

    private static double InputDistance(Frames frames)
    {
        using var work = new Workspace();
        NullPackage.Write(work["null"], Side);
        using var ring = new FrameRing(2, frames.Side * frames.Side, Side * Side);
        using var session = new OnnxCoarseSession(ModelPackage.Load(work["null"], new PackageLoadOptions { RequireSignature = false }));
        _ = ring.TryRent(out var slot);
        frames.Of(0).CopyTo(slot.PixelRoom);
        slot.SetShape(frames.Side, frames.Side, 1);
        _ = new Preparer(Spec(Side)).Run(slot);
        _ = session.Run(slot);
        fixed (byte* input = session.BoundInput(slot))
        {
            return input - slot.TensorPointer;
        }
    }

    private static PreparationSpec Spec(int height) => new() { Width = Side, Height = height, Channels = 1 };
}
