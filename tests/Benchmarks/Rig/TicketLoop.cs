using System.Diagnostics;
using Akka.Actor;
using Inspection.Nodes.Hosting.Setup;
using Inspection.Protocol;
using Inspection.Vision.Frames;
using Inspection.Vision.Work;

namespace Inspection.Benchmarks.Rig;

/// <summary>Sends every slot's tensor again as soon as it was answered.</summary>
internal sealed class TicketLoop(IActorRef dispatcher, LineModels models, MonotonicClock clock, int slots) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private readonly FrameRing _ring = new(slots, 1, models.Coarse.Manifest.Preparation.TensorLength);

    /// <summary>Fills every slot's tensor once; it is sent again and again.</summary>
    public void Fill(Action<FrameSlot> fill)
    {
        var rented = Enumerable.Range(0, slots).Select(_ => _ring.TryRent(out var slot) ? slot : throw new InvalidOperationException("the ring is in use")).ToArray();
        foreach (var slot in rented)
        {
            fill(slot);
            slot.Release();
        }
    }

    public async Task<Cost> RunAsync(long frames, int bytes)
    {
        var (sent, ended) = (0L, 0L);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (started, cpu, allocated) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes());
        for (var i = 0; i < slots; i++)
        {
            Send(new FrameTicket());
        }

        await done.Task;
        return new Cost(frames, frames * (double)bytes / 1e6, Stopwatch.GetElapsedTime(started), Process.GetCurrentProcess().TotalProcessorTime - cpu, GC.GetTotalAllocatedBytes() - allocated);

        void Send(FrameTicket ticket)
        {
            if (Interlocked.Increment(ref sent) > frames)
            {
                return;
            }

            // an answered ticket's slot is free: no other holds one
            if (!_ring.TryRent(out var slot))
            {
                _ = done.TrySetException(new InvalidOperationException("a ticket came back before its slot was free"));
                return;
            }

            slot.Geometry = Vision.Preparing.PreparedGeometry.OfBox(1, 1, new PixelBox(0, 0, 1, 1), 1, 1);
            ticket.Begin(new TriggerKey(new LineId("bench"), new StationId("station"), 1, sent), "part", clock.Now + Deadline, 0, models);
            (ticket.Slot, ticket.Generation, ticket.Done) = (slot, slot.Generation, Answered);
            dispatcher.Tell(ticket);
        }

        void Answered(FrameTicket ticket)
        {
            if (ticket.Outcome != ViewOutcome.Scored)
            {
                _ = done.TrySetException(new InvalidOperationException($"a frame ended as {ticket.Outcome}: {ticket.Detail}"));
            }

            ticket.Slot!.Release();
            if (Interlocked.Increment(ref ended) == frames)
            {
                _ = done.TrySetResult();
            }

            Send(ticket);
        }
    }

    public void Dispose() => _ring.Dispose();

    internal sealed record Cost(long Frames, double Megabytes, TimeSpan Wall, TimeSpan Cpu, long Allocated);
}
