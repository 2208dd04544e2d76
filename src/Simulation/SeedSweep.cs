using System.Diagnostics;

namespace Inspection.Simulation;

/// <summary>A seed that broke a promise.</summary>
public sealed record FailedSeed(long Seed, string Violation);

/// <summary>What many seeds did.</summary>
/// <param name="First">The first seed.</param>
/// <param name="Seeds">How many ran.</param>
/// <param name="Failed">Which of them broke a promise, by seed.</param>
/// <param name="RunTwice">How many ran a second time.</param>
/// <param name="Differ">Of them those whose second run was another history.</param>
/// <param name="Accepted">Parts covered by the journal.</param>
/// <param name="Decided">Of them with a verdict.</param>
/// <param name="Fallback">Of them without.</param>
/// <param name="Passed">Parts that the ejectors passed.</param>
/// <param name="UnknownTail">Parts that no journal heard of; their epochs say that the tail is unknown.</param>
/// <param name="Steps">Things that happened, in all.</param>
/// <param name="Fired">How often each fault fired.</param>
/// <param name="HitOpen">How often it did while a part was open.</param>
/// <param name="Took">Wall time.</param>
public sealed record SweepReport(
    long First,
    long Seeds,
    IReadOnlyList<FailedSeed> Failed,
    long RunTwice,
    IReadOnlyList<long> Differ,
    long Accepted,
    long Decided,
    long Fallback,
    long Passed,
    long UnknownTail,
    long Steps,
    IReadOnlyList<long> Fired,
    IReadOnlyList<long> HitOpen,
    TimeSpan Took)
{
    public bool Holds => Failed.Count == 0 && Differ.Count == 0;
}

/// <summary>Runs seed after seed on all cores; each hundredth a second time, which must be the same history.</summary>
public sealed class SeedSweep
{
    private const int TwiceEvery = 100;

    private readonly Lock _gate = new();
    private readonly List<FailedSeed> _failed = [];
    private readonly List<long> _differ = [];
    private readonly long[] _totals = new long[6];
    private readonly long[] _fired = new long[SeedReport.Faults.Count];
    private readonly long[] _hitOpen = new long[SeedReport.Faults.Count];
    private long _next;
    private long _done;
    private long _twice;

    private SeedSweep(long first) => _next = first;

    /// <param name="first">The first seed.</param>
    /// <param name="seeds">How many; null: as many as the time allows.</param>
    /// <param name="time">Begins no seed after it; null: no limit.</param>
    /// <param name="progress">Told now and then how many are done; any thread.</param>
    /// <param name="cancel">Begins no seed after it.</param>
    public static SweepReport Run(long first, long? seeds, TimeSpan? time, Action<long> progress, CancellationToken cancel)
    {
        var sweep = new SeedSweep(first);
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Work)).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        return sweep.Report(first, clock.Elapsed);

        void Work()
        {
            while (!cancel.IsCancellationRequested && !(clock.Elapsed >= time))
            {
                var seed = Interlocked.Increment(ref sweep._next) - 1;
                if (seed - first >= seeds)
                {
                    return;
                }

                progress(sweep.Take(seed));
            }
        }
    }

    private long Take(long seed)
    {
        var report = Simulator.Run(seed);
        var again = seed % TwiceEvery == 0 ? Simulator.Run(seed) : null;
        lock (_gate)
        {
            if (report.Violation is { } violation)
            {
                _failed.Add(new FailedSeed(seed, violation));
            }

            if (again is not null)
            {
                _twice++;
                if (again.TraceHash != report.TraceHash)
                {
                    _differ.Add(seed);
                }
            }

            Add(_totals, [report.Accepted, report.Decided, report.Fallback, report.Passed, report.UnknownTail, report.Steps]);
            Add(_fired, report.Fired);
            Add(_hitOpen, report.HitOpen);
            return ++_done;
        }
    }

    private static void Add(long[] to, IReadOnlyList<long> more)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += more[i];
        }
    }

    private SweepReport Report(long first, TimeSpan took) => new(
        first,
        _done,
        [.. _failed.OrderBy(f => f.Seed)],
        _twice,
        [.. _differ.Order()],
        _totals[0],
        _totals[1],
        _totals[2],
        _totals[3],
        _totals[4],
        _totals[5],
        _fired,
        _hitOpen,
        took);
}
