namespace Inspection.Decisions.Work;

/// <summary>
/// Rule W1 in one process: work by earliest deadline first, workers by credit. A worker that asks gets the earliest work it can do;
/// where none waits its credit is kept. No allocation once its arrays have grown to the working size. One thread.
/// </summary>
/// <typeparam name="TWork">What is done; handed over, never copied.</typeparam>
/// <typeparam name="TWorker">Who does it.</typeparam>
public sealed class DeadlineQueue<TWork, TWorker>(int capacity)
    where TWork : class
    where TWorker : class
{
    private readonly PriorityQueue<TWork, long> _waiting = new(capacity);
    private readonly Queue<TWorker> _idle = new();

    public int Waiting => _waiting.Count;

    public int Credit => _idle.Count;

    /// <summary>The most work that may wait (promise P8).</summary>
    public int Capacity { get; } = capacity;

    public bool IsFull => _waiting.Count >= Capacity;

    /// <summary>Takes work, or says no when full: then the source sheds and records it.</summary>
    public bool TryAdd(TWork work, long deadline)
    {
        if (IsFull)
        {
            return false;
        }

        _waiting.Enqueue(work, deadline);
        return true;
    }

    public void AddCredit(TWorker worker) => _idle.Enqueue(worker);

    /// <summary>The next pairing of idle worker and earliest work, while there are both.</summary>
    public bool TryMatch(out TWork work, out TWorker worker)
    {
        if (_idle.Count > 0 && _waiting.TryDequeue(out var next, out _))
        {
            work = next;
            worker = _idle.Dequeue();
            return true;
        }

        (work, worker) = (null!, null!);
        return false;
    }

    /// <summary>Rule W7: takes out work whose deadline has come; it is given up as Shed.</summary>
    public bool TryTakeOverdue(long now, out TWork work)
    {
        if (_waiting.TryPeek(out _, out var deadline) && deadline <= now)
        {
            work = _waiting.Dequeue();
            return true;
        }

        work = null!;
        return false;
    }
}
