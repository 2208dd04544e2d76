using System.Collections.Concurrent;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>A camera's tickets, made once: as many as the ring has slots.</summary>
public sealed class TicketPool
{
    private readonly ConcurrentQueue<FrameTicket> _free;

    public TicketPool(int size)
    {
        Size = size;
        _free = new ConcurrentQueue<FrameTicket>(Enumerable.Range(0, size).Select(_ => new FrameTicket()));
    }

    public int Size { get; }

    public int Free => _free.Count;

    public FrameTicket Take() => _free.TryDequeue(out var ticket)
        ? ticket
        : throw new InvalidOperationException($"all {Size} tickets of a camera are under way: the station must not trigger without a free slot");

    public void Return(FrameTicket ticket) => _free.Enqueue(ticket);
}
