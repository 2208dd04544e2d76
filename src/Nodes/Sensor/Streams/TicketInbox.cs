using System.Diagnostics.CodeAnalysis;
using Inspection.Vision.Work;

namespace Inspection.Nodes.Sensor.Streams;

/// <summary>
/// Tickets on their way into a camera's graph: exposures from the station, answers from the workers. Holds as many as the ring has slots and
/// survives a restart of the graph. Any thread may add; one takes. The taker waits on its own thread as long as a busy line's next frame
/// takes, and only then asks to be woken: so a line that runs costs no message and no memory a frame.
/// </summary>
public sealed class TicketInbox(int capacity)
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _bell = new(false);
    private readonly Queue<FrameTicket> _answers = new(capacity);
    private readonly Queue<FrameTicket> _exposures = new(capacity);
    private Action? _wake;
    private bool _listens;
    private int _uncaptured;

    /// <summary>Exposures that have no slot yet.</summary>
    public int Uncaptured => Volatile.Read(ref _uncaptured);

    /// <summary>From the station: expose now.</summary>
    public void Expose(FrameTicket ticket)
    {
        _ = Interlocked.Increment(ref _uncaptured);
        Add(_exposures, ticket);
    }

    /// <summary>From the camera: an exposure has its slot, or has ended without one.</summary>
    public void Captured() => Interlocked.Decrement(ref _uncaptured);

    /// <summary>From a worker: done, well or badly. Taken before exposures, since a slot gets free with it.</summary>
    public void Answer(FrameTicket ticket) => Add(_answers, ticket);

    /// <summary>Takes the next within <paramref name="patience"/>, or arms <paramref name="wake"/> to be called once when there is one.</summary>
    public bool TryTake(TimeSpan patience, Action wake, [NotNullWhen(true)] out FrameTicket? ticket)
    {
        lock (_gate)
        {
            if (TryDequeue(out ticket))
            {
                return true;
            }

            _listens = patience > TimeSpan.Zero;
        }

        if (patience > TimeSpan.Zero)
        {
            _ = _bell.WaitOne(patience);
        }

        lock (_gate)
        {
            _listens = false;
            if (TryDequeue(out ticket))
            {
                return true;
            }

            _wake = wake;
            return false;
        }
    }

    private void Add(Queue<FrameTicket> queue, FrameTicket ticket)
    {
        Action? wake;
        bool listens;
        lock (_gate)
        {
            if (_answers.Count + _exposures.Count == capacity)
            {
                throw new InvalidOperationException($"more than {capacity} tickets wait for one camera: there are only as many as the ring has slots");
            }

            queue.Enqueue(ticket);
            (wake, _wake) = (_wake, null);
            (listens, _listens) = (_listens, false);
        }

        if (listens)
        {
            _ = _bell.Set();
        }

        wake?.Invoke();
    }

    private bool TryDequeue([NotNullWhen(true)] out FrameTicket? ticket) => _answers.TryDequeue(out ticket) || _exposures.TryDequeue(out ticket);
}
