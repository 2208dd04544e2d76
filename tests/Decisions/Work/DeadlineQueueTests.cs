using FsCheck;
using FsCheck.Xunit;
using Inspection.Decisions.Work;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Rules W1, W7, promise P8: earliest deadline first, by credit, in bounds.</summary>
public sealed class DeadlineQueueTests
{
    [Property(MaxTest = 300)]
    public void Workers_get_the_earliest_work_first_and_each_piece_once(NonNegativeInt[] deadlines)
    {
        var queue = new DeadlineQueue<Work, string>(deadlines.Length + 1);
        Assert.All(deadlines.Select(d => new Work(d.Get)), w => Assert.True(queue.TryAdd(w, w.Deadline)));
        var done = new List<Work>();
        for (var i = 0; i < deadlines.Length; i++)
        {
            Assert.False(queue.TryMatch(out _, out _)); // no work without credit
            queue.AddCredit($"w{i}");
            Assert.True(queue.TryMatch(out var work, out var worker));
            Assert.Equal($"w{i}", worker);
            done.Add(work);
        }

        Assert.Equal(deadlines.Select(d => (long)d.Get).Order(), done.Select(w => w.Deadline));
        Assert.Equal((0, 0), (queue.Waiting, queue.Credit));
    }

    [Fact]
    public void Credit_is_kept_until_work_comes_and_spent_in_turn()
    {
        var queue = new DeadlineQueue<Work, string>(4);
        queue.AddCredit("first");
        queue.AddCredit("second");
        Assert.False(queue.TryMatch(out _, out _));
        Assert.True(queue.TryAdd(new Work(1), 1));
        Assert.True(queue.TryMatch(out _, out var worker));
        Assert.Equal(("first", 1), (worker, queue.Credit));
    }

    [Fact]
    public void A_full_queue_says_no()
    {
        var queue = new DeadlineQueue<Work, string>(2);
        Assert.True(queue.TryAdd(new Work(1), 1));
        Assert.True(queue.TryAdd(new Work(2), 2));
        Assert.True(queue.IsFull);
        Assert.False(queue.TryAdd(new Work(0), 0));
        Assert.Equal(2, queue.Waiting);
    }

    [Fact]
    public void What_is_overdue_is_taken_out_and_nothing_else()
    {
        var queue = new DeadlineQueue<Work, string>(8);
        Assert.All([30L, 10L, 20L], d => Assert.True(queue.TryAdd(new Work(d), d)));
        Assert.True(queue.TryTakeOverdue(20, out var first));
        Assert.True(queue.TryTakeOverdue(20, out var second));
        Assert.False(queue.TryTakeOverdue(20, out _));
        Assert.Equal((10L, 20L, 1), (first.Deadline, second.Deadline, queue.Waiting));
    }

    [Fact]
    public void A_piece_of_work_allocates_nothing_once_the_queue_has_its_size()
    {
        var queue = new DeadlineQueue<Work, string>(64);
        var work = Enumerable.Range(0, 32).Select(i => new Work(i)).ToArray();
        Round(queue, work);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Round(queue, work);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Round(DeadlineQueue<Work, string> queue, Work[] work)
    {
        foreach (var w in work)
        {
            _ = queue.TryAdd(w, w.Deadline);
            queue.AddCredit("worker");
        }

        _ = queue.TryTakeOverdue(0, out _);
        while (queue.TryMatch(out _, out _))
        {
        }

        while (queue.Credit > 0)
        {
            _ = queue.TryAdd(work[0], 0);
            _ = queue.TryMatch(out _, out _);
        }
    }

    private sealed record Work(long Deadline);
}
