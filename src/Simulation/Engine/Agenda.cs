namespace Inspection.Simulation.Engine;

/// <summary>What happens when, in virtual time; what is due at the same time happens in the order in which it was put down. One thread.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Entry, (long At, long Due, long Order)> _entries = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    /// <summary>How much has happened.</summary>
    public long Steps { get; private set; }

    /// <param name="after">From now.</param>
    /// <param name="node">Whose: it happens only in this life of the node, and not while it is paused. Null: the world's.</param>
    /// <param name="action">What.</param>
    public void At(TimeSpan after, Node? node, Action action) => Put(Now + (after > TimeSpan.Zero ? after : TimeSpan.Zero), new Entry(action, node, node?.Life ?? 0));

    /// <summary>Until nothing is left, the time has come, or somebody says that it is done.</summary>
    public void Run(TimeSpan until, Func<bool> isDone)
    {
        while (_entries.TryPeek(out _, out var next) && next.At <= until.Ticks && !isDone())
        {
            var entry = _entries.Dequeue();
            Now = new TimeSpan(next.At);
            if (entry.Node is { } node)
            {
                if (!node.IsUp || node.Life != entry.Life)
                {
                    continue;
                }

                if (node.PausedUntil > Now)
                {
                    // in the order in which it was due
                    _entries.Enqueue(entry, (node.PausedUntil.Ticks, next.Due, next.Order));
                    continue;
                }
            }

            Steps++;
            entry.Action();
        }
    }

    private void Put(TimeSpan at, Entry entry) => _entries.Enqueue(entry, (at.Ticks, at.Ticks, ++_order));

    private readonly record struct Entry(Action Action, Node? Node, int Life);
}
