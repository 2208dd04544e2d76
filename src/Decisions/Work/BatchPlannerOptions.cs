namespace Inspection.Decisions.Work;

/// <summary>How a session batches (rule W5).</summary>
public sealed record BatchPlannerOptions
{
    /// <summary>The fixed batch sizes of a GPU session, ascending.</summary>
    public static readonly IReadOnlyList<int> GpuBuckets = [1, 4, 8, 16, 32];

    /// <summary>On a CPU batching gains almost nothing: batch 1, always.</summary>
    public static BatchPlannerOptions Cpu => new() { Buckets = [1] };

    public static BatchPlannerOptions Gpu => new() { Buckets = GpuBuckets };

    /// <summary>Batch sizes the session has, ascending, the first 1.</summary>
    public required IReadOnlyList<int> Buckets { get; init; }

    /// <summary>Between a run's end and the deadline: the answer's way back and what the learned latency is wrong by.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Longest wait for more parts, even with slack: a lone part needs no minute because its deadline is one away.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>L of any bucket before anything was observed.</summary>
    public TimeSpan FirstGuess { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>So many runs of each bucket are remembered; their median counts, so that single stalls teach nothing.</summary>
    public int Remembered { get; init; } = 9;

    /// <summary>It waits only where the fuller batch takes at most so much of the time a part that running now takes.</summary>
    public double WorthWaiting { get; init; } = 0.9;

    /// <exception cref="ArgumentOutOfRangeException">Names the option, its value and what is allowed.</exception>
    public BatchPlannerOptions Validate()
    {
        Check(Buckets.Count > 0 && Buckets[0] == 1 && Buckets.Zip(Buckets.Skip(1)).All(p => p.First < p.Second), nameof(Buckets), string.Join(",", Buckets), "ascending from 1");
        Check(Margin >= TimeSpan.Zero, nameof(Margin), Margin, "0 or more");
        Check(MaxWait >= TimeSpan.Zero, nameof(MaxWait), MaxWait, "0 or more");
        Check(FirstGuess > TimeSpan.Zero, nameof(FirstGuess), FirstGuess, "above 0");
        Check(Remembered is >= 1 and <= 64, nameof(Remembered), Remembered, "1 to 64");
        Check(WorthWaiting is >= 0 and <= 1, nameof(WorthWaiting), WorthWaiting, "0 to 1");
        return this;
    }

    private static void Check(bool holds, string name, object value, string allowed)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{nameof(BatchPlannerOptions)}.{name} is {value}; allowed: {allowed}");
        }
    }
}
