using Inspection.Protocol;

namespace Inspection.Audit.Totals;

/// <summary>Running counts; one for each line and one for all.</summary>
internal sealed class Tally(bool hasLabels)
{
    private readonly SortedDictionary<string, long> _fallbackBy = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _defectBy = new(StringComparer.Ordinal);
    private readonly LatencyHistogram _latency = new();
    private long _decided, _fallback, _ok, _ng, _review;
    private long _good, _bad, _unlabelled, _escapes, _overkill;
    private long _firstTicks = long.MaxValue, _lastTicks = long.MinValue;

    public long Accepted { get; set; }

    /// <summary>Counted trigger by trigger, so that the equation is a check and not a definition.</summary>
    public long Open { get; set; }

    public long Candidates { get; set; }

    public long Verified { get; set; }

    public long Cleared { get; set; }

    public long Rejected { get; set; }

    public long ToReview { get; set; }

    public long Passed { get; set; }

    public void At(long utcTicks) => (_firstTicks, _lastTicks) = (Math.Min(_firstTicks, utcTicks), Math.Max(_lastTicks, utcTicks));

    public void Took(TimeSpan elapsed) => _latency.Add(elapsed);

    public void Conclude(Conclusion conclusion, string defectClass, string? label)
    {
        _decided += conclusion.IsDecided ? 1 : 0;
        _fallback += conclusion.IsDecided ? 0 : 1;
        _ok += conclusion.IsOk ? 1 : 0;
        _review += conclusion.Verdict == Verdict.Review ? 1 : 0;
        if (conclusion.Verdict == Verdict.Ng)
        {
            _ng++;
            _defectBy[defectClass] = _defectBy.GetValueOrDefault(defectClass) + 1;
        }

        if (conclusion.Fallback is { } reason)
        {
            _fallbackBy[reason.ToString()] = _fallbackBy.GetValueOrDefault(reason.ToString()) + 1;
        }

        if (!hasLabels)
        {
            return;
        }

        var isGood = label == JournalTotals.Good;
        _unlabelled += label is null ? 1 : 0;
        _good += isGood ? 1 : 0;
        _bad += label is not null && !isGood ? 1 : 0;
        _escapes += label is not null && !isGood && conclusion.IsOk ? 1 : 0;
        _overkill += isGood && !conclusion.IsOk ? 1 : 0;
    }

    public LineTotals Result(string line) => new(
        line,
        Accepted,
        _decided,
        _fallback,
        Open,
        _ok,
        _ng,
        _review,
        _fallbackBy,
        _defectBy,
        Candidates,
        Verified,
        new VerifierChanges(Cleared, Rejected, ToReview),
        Passed,
        new LatencyTotals(_latency.Milliseconds(0.5), _latency.Milliseconds(0.99)),
        hasLabels ? new QualityTotals(_good, _bad, _unlabelled, _escapes, _overkill) : null,
        _firstTicks == long.MaxValue ? null : new DateTime(_firstTicks, DateTimeKind.Utc),
        _lastTicks == long.MinValue ? null : new DateTime(_lastTicks, DateTimeKind.Utc));
}
