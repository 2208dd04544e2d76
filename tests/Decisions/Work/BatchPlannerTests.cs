using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Inspection.Decisions.Work;

namespace Inspection.Decisions.Tests.Work;

/// <summary>Rule W5: the largest batch in time by learned latency; waiting only while there is slack.</summary>
public sealed class BatchPlannerTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly BatchPlannerOptions Gpu = BatchPlannerOptions.Gpu;

    [Fact]
    public void The_latency_is_learned_as_a_line_and_single_stalls_teach_nothing()
    {
        var planner = Learned(5, 2);
        planner.Observe(8, Ms(4000));
        planner.Observe(32, Ms(1));
        Assert.All(Gpu.Buckets, b => Assert.Equal(5 + (2 * b), planner.Latency(b).TotalMilliseconds, 0.01));
        Assert.Equal(planner.Latency(8), planner.Latency(5)); // five parts run in a batch of eight
    }

    [Fact]
    public void A_session_that_became_slower_is_learned_anew()
    {
        var planner = Learned(5, 2);
        Teach(planner, 20, 4, 9);
        Assert.Equal(20 + (4 * 16), planner.Latency(16).TotalMilliseconds, 0.01);
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(Sessions)])]
    public void It_never_waits_past_the_point_where_the_earliest_would_be_late(Session session)
    {
        var planner = Learned(session.A, session.B);
        var (now, deadline) = (Now, Now + Ms(session.Left));
        for (var asked = 0; asked < 50; asked++)
        {
            var plan = planner.Plan(session.Waiting, deadline, now);
            if (plan.RunsNow)
            {
                var inTime = now + planner.Latency(plan.Take) <= deadline - Gpu.Margin;
                Assert.True(inTime || session.Left < planner.Latency(1).TotalMilliseconds + Gpu.Margin.TotalMilliseconds, $"{plan} at {now - Now}, L = {planner.Latency(plan.Take)}");
                return;
            }

            Assert.True(plan.WaitUntil > now && plan.WaitUntil <= Now + Gpu.MaxWait, $"{plan} at {now - Now}");
            Assert.True(plan.WaitUntil + planner.Latency(session.Waiting) + Gpu.Margin <= deadline, $"{plan} leaves no time");
            now += (plan.WaitUntil - now) / (1 + (asked % 3)); // asked again early, as when another part comes
        }

        Assert.Fail("it waits for ever");
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(Sessions)])]
    public void It_takes_the_largest_batch_that_is_in_time_and_no_more_than_wait(Session session)
    {
        var planner = Learned(session.A, session.B);
        var plan = planner.Plan(session.Waiting, Now + Ms(session.Left), Now);
        if (!plan.RunsNow)
        {
            return;
        }

        Assert.Contains(plan.Bucket, Gpu.Buckets);
        Assert.InRange(plan.Take, 1, Math.Min(plan.Bucket, session.Waiting));
        Assert.DoesNotContain(Gpu.Buckets, b => b > plan.Bucket && b <= session.Waiting && planner.Latency(b) <= Ms(session.Left) - Gpu.Margin);
    }

    [Property(MaxTest = 200, Arbitrary = [typeof(Sessions)])]
    public void At_saturation_the_largest_batch_in_time_runs_at_once(Session session)
    {
        var planner = Learned(session.A, session.B);
        var largest = Gpu.Buckets.LastOrDefault(b => planner.Latency(b) <= Ms(session.Left) - Gpu.Margin);
        var plan = planner.Plan(32 + session.Waiting, Now + Ms(session.Left), Now);
        Assert.Equal(largest == 0 ? 32 : largest, plan.Take); // nothing in time: the earliest is lost, the others shall not be
        Assert.Equal(plan.Take, plan.Bucket);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(15)]
    public void A_single_part_with_no_slack_runs_at_once(int left)
    {
        var plan = Learned(5, 2).Plan(1, Now + Ms(left), Now); // L(1) = 7, margin 5, L(4) = 13
        Assert.Equal(new BatchPlan(1, 1, Now), plan);
    }

    [Fact]
    public void A_single_part_with_slack_waits_for_a_fuller_batch_but_not_for_ever()
    {
        var planner = Learned(5, 2);
        var plan = planner.Plan(1, Now + Ms(28), Now);
        Assert.Equal((0, 10.0), (plan.Take, (plan.WaitUntil - Now).TotalMilliseconds), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 0.01);
        Assert.True(planner.Plan(1, Now + Ms(28), plan.WaitUntil).RunsNow);
        var long1 = planner.Plan(1, Now + Ms(60_000), Now + Ms(100));
        Assert.Equal(Now + Ms(100) + Gpu.MaxWait, long1.WaitUntil);
        Assert.Equal(long1.WaitUntil, planner.Plan(2, Now + Ms(60_000), Now + Ms(110)).WaitUntil); // more came: the wait is not begun anew
        Assert.True(planner.Plan(2, Now + Ms(60_000), long1.WaitUntil).RunsNow);
    }

    [Fact]
    public void Nothing_is_won_by_waiting_where_a_batch_takes_its_parts_times()
    {
        Assert.True(Learned(0.2, 8).Plan(1, Now + Ms(60_000), Now).RunsNow);
        Assert.Equal(4, Learned(0.2, 8).Plan(5, Now + Ms(60_000), Now).Take); // three padded places would cost more than a second run
        Assert.Equal((5, 8), (Learned(20, 1).Plan(5, Now + Ms(33), Now).Take, Learned(20, 1).Plan(5, Now + Ms(33), Now).Bucket));
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Sessions)])]
    public void On_a_cpu_each_part_runs_alone_and_at_once(Session session)
    {
        var planner = new BatchPlanner(BatchPlannerOptions.Cpu);
        planner.Observe(1, Ms(session.A + session.B));
        Assert.Equal(new BatchPlan(1, 1, Now), planner.Plan(session.Waiting, Now + Ms(session.Left), Now));
    }

    [Fact]
    public void Without_parts_there_is_nothing_to_run() => Assert.Equal(new BatchPlan(0, 0, TimeSpan.MaxValue), Learned(5, 2).Plan(0, TimeSpan.MaxValue, Now));

    /// <summary>Parts that come faster than one at a time could be done: batches grow until they keep up, and none is late.</summary>
    [Fact]
    public void A_stream_beyond_what_single_runs_could_do_is_done_in_time()
    {
        var planner = Learned(20, 1);
        var (deadline, every) = (Ms(250), Ms(4)); // single runs: one in 21 ms
        var (now, next, waiting, done, late) = (Now, Now, new Queue<TimeSpan>(), 0, 0);
        while (done < 2000)
        {
            for (; next <= now; next += every)
            {
                waiting.Enqueue(next + deadline);
            }

            var plan = planner.Plan(waiting.Count, waiting.TryPeek(out var earliest) ? earliest : TimeSpan.MaxValue, now);
            if (!plan.RunsNow)
            {
                now = plan.WaitUntil < next ? plan.WaitUntil : next;
                continue;
            }

            now += Ms(20 + plan.Bucket);
            planner.Observe(plan.Bucket, Ms(20 + plan.Bucket));
            done += plan.Take;
            for (var i = 0; i < plan.Take; i++)
            {
                late += waiting.Dequeue() < now ? 1 : 0;
            }
        }

        Assert.Equal(0, late);
        Assert.InRange((now - Now) / every, 1900, 2100); // it kept up
    }

    [Fact]
    public void Wrong_buckets_are_named()
    {
        Assert.Contains("Buckets is 4,8; allowed: ascending from 1", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchPlanner(new() { Buckets = [4, 8] })).Message, StringComparison.Ordinal);
        Assert.Contains("a run of 5 parts", Assert.Throws<ArgumentOutOfRangeException>(() => Learned(5, 2).Observe(5, Ms(1))).Message, StringComparison.Ordinal);
    }

    private static BatchPlanner Learned(double a, double b)
    {
        var planner = new BatchPlanner(Gpu);
        Teach(planner, a, b, 5);
        return planner;
    }

    private static void Teach(BatchPlanner planner, double a, double b, int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var bucket in Gpu.Buckets)
            {
                planner.Observe(bucket, Ms(a + (b * bucket)));
            }
        }
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <param name="A">L(n) = A + B*n, in milliseconds.</param>
    /// <param name="B">See <paramref name="A"/>.</param>
    /// <param name="Waiting">Parts.</param>
    /// <param name="Left">Milliseconds until the earliest deadline.</param>
    public sealed record Session(double A, double B, int Waiting, double Left);

    public static class Sessions
    {
        public static Arbitrary<Session> Arbitrary() => Arb.From(
            from a in Gen.Choose(0, 300)
            from b in Gen.Choose(1, 100)
            from waiting in Gen.Choose(1, 40)
            from left in Gen.Choose(-50, 3000)
            select new Session(a / 10.0, b / 10.0, waiting, left / 10.0));
    }
}
