using FsCheck.Xunit;
using Inspection.Decisions.Work;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Whatever happens to a node's work, rules W1-W4 and W7 hold. <see cref="LeaseAudit"/> checks them at every step.</summary>
public sealed class WorkHistoryTests
{
    [Property(MaxTest = 300, Arbitrary = [typeof(WorkHistories)])]
    public void Whatever_happens_each_piece_of_work_ends_exactly_once(WorkHistory history)
    {
        var world = WorkHistory.Played(history);
        world.Pass(TimeSpan.FromMinutes(2)); // past every deadline
        Assert.All(world.All, w => Assert.NotNull(w.Ended));
        var counts = world.Leases.Counts;
        Assert.Equal(counts.Added, counts.HandedOver + counts.Answered + counts.GivenUp);
        Assert.False(world.Leases.IsFull);
        Assert.Equal((0, 0), (world.Leases.Status(WorkStage.Coarse, world.Now).Waiting, world.Leases.Status(WorkStage.Verify, world.Now).Waiting));
        Assert.Equal(world.Workers.Where(w => !w.Gone).Sum(w => w.InHand.Count + w.Doing.Count), world.Leases.Workers(world.Now).Sum(w => w.InHand));
        Assert.Null(world.Leases.NextAt);
    }

    /// <summary>A random history that never expires a lease, breaks a stream or repeats an answer would check nothing.</summary>
    [Fact]
    public void The_histories_hold_what_they_are_for()
    {
        var sum = FsCheck.Fluent.Gen.Sample(WorkHistories.Arbitrary().Generator, 200)
            .Select(h => WorkHistory.Played(h).Leases.Counts)
            .Aggregate((a, b) => new WorkCounts(
                a.Added + b.Added, a.Refused + b.Refused, a.HandedOver + b.HandedOver, a.Answered + b.Answered, a.GivenUp + b.GivenUp, a.Offers + b.Offers,
                a.Reoffers + b.Reoffers, a.BreakReoffers + b.BreakReoffers, a.Expirations + b.Expirations, a.Duplicates + b.Duplicates, a.Stale + b.Stale,
                a.Unknown + b.Unknown));
        long[] all = [sum.Refused, sum.HandedOver, sum.Answered, sum.GivenUp, sum.Reoffers, sum.BreakReoffers, sum.Expirations, sum.Duplicates, sum.Stale, sum.Unknown];
        Assert.True(all.All(n => n >= 20), sum.ToString());
    }
}
