using Inspection.Audit.Journals;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Protocol;
using Inspection.Tests.Support;

namespace Inspection.Benchmarks.Rig;

/// <summary>What the journal and the ejector's log say of one run.</summary>
internal sealed class LoadedRun
{
    private LoadedRun()
    {
    }

    /// <summary>Triggers that the source issued, over the whole run.</summary>
    public long Issued { get; private init; }

    /// <summary>Parts decided in time, every candidate verified, a second of the measured span.</summary>
    public double Goodput { get; private init; }

    /// <summary>Parts decided a second with a candidate that no verifier saw in time: Review, no fallback, and not counted as goodput.</summary>
    public double Unverified { get; private init; }

    /// <summary>Over the whole run.</summary>
    public long Decided { get; private init; }

    /// <summary>Reason to parts, over the whole run.</summary>
    public required IReadOnlyDictionary<FallbackReason, long> Fallbacks { get; init; }

    /// <summary>From trigger to decision over the deadline, of the parts that count as goodput; ascending.</summary>
    public required IReadOnlyList<double> Latencies { get; init; }

    /// <summary>Parts with a committed OK, and those of them that passed (a conveyor also purges at its start, and closes its window 100 ms after an arrival).</summary>
    public (long Ok, long Passed) Gate { get; private init; }

    /// <summary>What is not accounted for; empty where nothing is lost.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <exception cref="BrokenChainException">The journal is damaged.</exception>
    public static LoadedRun Read(Plant plant, long issued, DateTime from, TimeSpan measured)
    {
        var story = LineStory.Read(((JournalPlan.Sqlite)plant.Journal).Path, plant.Lines[0].Line.Value);
        var inSpan = story.Concluded.Where(c => c.UtcTicks >= from.Ticks && c.UtcTicks < (from + measured).Ticks).ToList();
        var good = inSpan.Where(c => IsInTime(c) && !HasUnverified(c)).ToList();
        var fallbacks = story.Concluded.Where(c => !c.Conclusion.IsDecided).Select(c => (Reason: c.Conclusion.Fallback!.Value, Count: 1L))
            .Concat(story.Ranges.Select(r => (r.Reason, Count: r.To - r.From + 1)))
            .GroupBy(f => f.Reason).ToDictionary(g => g.Key, g => g.Sum(f => f.Count));
        var ok = story.Concluded.Where(c => c.Conclusion.IsOk).Select(c => new PartKey(c.Key.Epoch, c.Key.Counter)).ToHashSet();
        var acts = EjectorLog.Read(plant.Lines[0].Stations[0].Gate.EjectorLog);
        return new LoadedRun
        {
            Issued = issued,
            Goodput = good.Count / measured.TotalSeconds,
            Unverified = inSpan.Count(c => IsInTime(c) && HasUnverified(c)) / measured.TotalSeconds,
            Decided = story.Concluded.Count(c => c.Conclusion.IsDecided),
            Fallbacks = fallbacks,
            Latencies = [.. good.Select(c => c.Elapsed / c.Deadline).Order()],
            Gate = (ok.Count, acts.Values.LongCount(p => p)),
            Lost = [.. Losses(story, issued, ok, acts)],
        };
    }

    private static bool IsInTime(PartConcluded part) => part.Conclusion.IsDecided && part.Elapsed <= part.Deadline;

    private static bool HasUnverified(PartConcluded part) => part.Views.Any(v => v.Candidates.Any(c => !c.Verified));

    /// <summary>Promises P1 to P4, from the stored records and the ejector's own log.</summary>
    private static IEnumerable<string> Losses(LineStory story, long issued, HashSet<PartKey> ok, Dictionary<PartKey, bool> acts)
    {
        if (story.Granted.Count != 1 || story.Accepted.Count != issued || story.Accepted.Keys.Any(k => k.Counter < 1 || k.Counter > issued))
        {
            yield return $"{issued} triggers were issued, {story.Accepted.Count} are accepted in {story.Granted.Count} epochs, counters {story.Accepted.Keys.Min(k => k.Counter)} to {story.Accepted.Keys.Max(k => k.Counter)}";
        }

        var ends = story.Concluded.Select(c => new PartKey(c.Key.Epoch, c.Key.Counter))
            .Concat(story.Ranges.SelectMany(r => Enumerable.Range(0, (int)(r.To - r.From + 1)).Select(i => new PartKey(r.Epoch, r.From + i))))
            .GroupBy(k => k).ToDictionary(g => g.Key, g => g.Count());
        var (open, again, unknown) = (story.Accepted.Keys.Count(k => !ends.ContainsKey(k)), ends.Count(e => e.Value != 1), ends.Keys.Count(k => !story.Accepted.ContainsKey(k)));
        if (open + again + unknown > 0)
        {
            yield return $"{open} parts are open, {again} have more than one terminal record, {unknown} were never accepted";
        }

        if (story.Concluded.Count(c => c.Conclusion.IsOk && HasUnverified(c)) is > 0 and var unverified)
        {
            yield return $"{unverified} parts are OK with a candidate that no verifier saw";
        }

        if (acts.Count(a => a.Value && !ok.Contains(a.Key)) is > 0 and var passed)
        {
            yield return $"{passed} parts passed without a committed OK";
        }

        if (acts.Count != issued || story.Acts.Count != issued || acts.Any(a => !story.Acts.TryGetValue(a.Key, out var did) || did != a.Value))
        {
            yield return $"of {issued} parts the ejector's log has {acts.Count} and the journal {story.Acts.Count} acts, or they differ";
        }

        if (story.Ended is not [{ Tail: EpochTail.Exact } end] || end.Last != issued)
        {
            yield return $"the epoch did not end with an exact tail after trigger {issued}";
        }
    }
}
