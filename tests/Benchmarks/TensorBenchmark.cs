using System.Runtime.InteropServices;
using Inspection.Benchmarks.Rig;
using Inspection.Vision.Frames;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;
using Inspection.Vision.Preparing;

namespace Inspection.Benchmarks;

/// <summary>
/// Bytes written between decoded frame and session input, over the tensor's bytes: one process, coarse. Three measurements: every byte of the
/// tensor is written; nothing else grows with the tensor (a second buffer of its size, anywhere in the process, would make the slope 2); and
/// the address the session reads from is the slot's.
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
        if (WrittenPages.AreCounted)
        {
            var slope = Slope(frames, report);
            report.Bound("pages written in the whole process, a further page of tensor", slope, "pages", "exactly 1", slope == 1);
        }
        else
        {
            report.Bound("pages written in the whole process, a further page of tensor", double.NaN, "this kernel keeps no soft-dirty bits", "exactly 1", false);
        }

        var distance = InputDistance(frames);
        report.Bound("address the session reads from, less the slot's tensor address", distance, "bytes", "exactly 0", distance == 0);
        report.Note("counted: memory pages that preparing one frame dirties, by the kernel's soft-dirty bits over every writable mapping, between tensors of 256 x 256 and 256 x 2048;");
        report.Note("a fixed working set (one row of floats, the stack) cancels out of the slope, and is stated; a page written twice counts once");
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

    private static double Slope(Frames frames, Report report)
    {
        using var pages = new WrittenPages();
        var nothing = pages.Of(static () => { });
        var few = Pages(pages, frames, Side);
        var many = Pages(pages, frames, Tall);
        var page = Environment.SystemPageSize;
        report.Add($"pages dirtied by preparing {Side} x {Side}", few - nothing, $"of which the tensor {Side * Side / page}");
        report.Add($"pages dirtied by preparing {Side} x {Tall}", many - nothing, $"of which the tensor {Side * Tall / page}");
        return (double)(many - few) * page / (Side * (Tall - Side));
    }

    private static long Pages(WrittenPages pages, Frames frames, int height)
    {
        var preparer = new Preparer(Spec(height));
        var length = Side * height;
        var tensor = (byte*)NativeMemory.AlignedAlloc((nuint)length, (nuint)Environment.SystemPageSize);
        try
        {
            return pages.Of(() => _ = preparer.Run(frames.Of(0), frames.Side, frames.Side, 1, new Span<byte>(tensor, length)));
        }
        finally
        {
            NativeMemory.AlignedFree(tensor);
        }
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
