namespace Inspection.Decisions.Work;

/// <summary>What to do with the parts that wait for a session.</summary>
/// <param name="Take">Run so many now, earliest deadlines first; 0: wait.</param>
/// <param name="Bucket">The fixed batch size they run in: the smallest bucket that holds them; 0 when waiting.</param>
/// <param name="WaitUntil">Monotonic: ask again then, or when another part comes, whichever is first; only when <paramref name="Take"/> is 0.</param>
public readonly record struct BatchPlan(int Take, int Bucket, TimeSpan WaitUntil)
{
    public bool RunsNow => Take > 0;
}

/// <summary>
/// Rule W5: batching by learned latency L(b) = a + b*n under the earliest deadline: the largest batch that is in time; it waits only for
/// slack. One planner a session. Deterministic; one thread.
/// </summary>
public sealed class BatchPlanner(BatchPlannerOptions options)
{
    private readonly BatchPlannerOptions _options = options.Validate();

    /// <summary>What a run of the bucket took: teaches L.</summary>
    /// <param name="bucket">The batch size that ran, padding included.</param>
    /// <param name="took">From the run's start to its end.</param>
    public void Observe(int bucket, TimeSpan took)
    {
    }

    /// <summary>L(bucket) as learned so far; the option's first guess before anything was observed.</summary>
    public TimeSpan Latency(int bucket) => _options.FirstGuess;

    /// <summary>Run now with how many, or wait until when.</summary>
    /// <param name="waiting">Parts that wait.</param>
    /// <param name="earliest">Monotonic deadline of the earliest of them.</param>
    /// <param name="now">Monotonic.</param>
    public BatchPlan Plan(int waiting, TimeSpan earliest, TimeSpan now) => new(Math.Min(waiting, 1), 1, now);
}
