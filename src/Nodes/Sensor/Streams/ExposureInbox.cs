using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// Triggered frames on their way into a camera's graph: as many as the ring has slots. Survives a restart of the graph's source. Any thread
/// may add; one stage takes.
/// </summary>
public sealed class ExposureInbox(int capacity)
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
                throw new InvalidOperationException($"more than {capacity} exposures wait: the station must not trigger without a free slot");
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
