using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// Tickets on their way into a stage of a camera's graph, from its station or from a worker: as many as the ring has slots. Wakes the stage
/// only when it waits, so a busy stage costs no message a frame. Survives a restart of the stage. Any thread may add; one stage takes.
/// </summary>
public sealed class TicketInbox(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<FrameTicket> _waiting = new(capacity);
    private Action? _wake;

    public void Add(FrameTicket ticket)
    {
        Action? wake;
        lock (_gate)
        {
            if (_waiting.Count == capacity)
            {
                throw new InvalidOperationException($"more than {capacity} tickets wait for one stage: there are only as many as the ring has slots");
            }

            _waiting.Enqueue(ticket);
            (wake, _wake) = (_wake, null);
        }

        wake?.Invoke();
    }

    /// <summary>Takes the next, or arms <paramref name="wake"/> to be called once when there is one.</summary>
    public bool TryTake(Action wake, out FrameTicket ticket)
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var next))
            {
                ticket = next;
                return true;
            }

            (_wake, ticket) = (wake, null!);
            return false;
        }
    }
}
