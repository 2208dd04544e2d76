using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Audit.Totals;

/// <summary>Counts one line's records into its own tally and into that of all lines. Keeps the names of open parts only.</summary>
internal sealed class LineCounter(Func<string, string?>? labelOf, params Tally[] tallies)
{
    private readonly Dictionary<(StationId Station, long Epoch, long Counter), string> _open = [];
    private readonly Dictionary<Digest, ModelPolicy> _models = [];
    private readonly StationStops _stops = new();

    public IReadOnlyList<StationStop> Stops => _stops.Now;

    public void Apply(ChainRecord record)
    {
        Each(t => t.At(record.Event.UtcTicks));
        switch (record.Event)
        {
            case TriggersSeen e:
                Accept(e);
                break;
            case ModelActivated e:
                _models[e.Policy.ModelDigest] = e.Policy;
                break;
            case PartConcluded e:
                Conclude(e);
                break;
            case PartsFellBack e when e.To - e.From >= _open.Count:
                throw new InvalidDataException($"record {record.Sequence} of line {record.Line}: parts {e.From}..{e.To} fall back, and only {_open.Count} are open; verify the journal");
            case PartsFellBack e:
                for (var counter = e.From; counter <= e.To; counter++)
                {
                    Close(e.Station, e.Epoch, counter, Conclusion.FellBack(e.Reason), "");
                }

                break;
            case GateActed e:
                var passed = Enumerable.Range(0, e.Count).Count(e.IsPassed);
                Each(t => t.Passed += passed);
                break;
            case InterlockChanged e:
                _stops.Apply(e, record.Sequence);
                break;
            default:
                break; // not counted
        }
    }

    private void Accept(TriggersSeen e)
    {
        for (var i = 0; i < e.ExternalIds.Count; i++)
        {
            _open[(e.Station, e.Epoch, e.UpTo - e.ExternalIds.Count + 1 + i)] = e.ExternalIds[i];
        }

        Each(t =>
        {
            t.Accepted += e.ExternalIds.Count;
            t.Open += e.ExternalIds.Count;
        });
    }

    private void Conclude(PartConcluded e)
    {
        Close(e.Key.Station, e.Key.Epoch, e.Key.Counter, e.Conclusion, e.DefectClass);
        var isCandidate = e.Views.Any(IsCandidate);
        var isVerified = e.Views.Any(v => v.Candidates.Any(c => c.Verified));
        var alone = e.Views.Any(v => CoarseAlone(v) == Verdict.Ng) ? Verdict.Ng : Verdict.Ok;
        Each(t =>
        {
            t.Took(e.Elapsed);
            t.Candidates += isCandidate ? 1 : 0;
            if (isVerified)
            {
                t.Verified++;
                t.Cleared += alone == Verdict.Ng && e.Conclusion.IsOk ? 1 : 0;
                t.Rejected += alone == Verdict.Ok && e.Conclusion.Verdict == Verdict.Ng ? 1 : 0;
                t.ToReview += e.Conclusion.Verdict == Verdict.Review ? 1 : 0;
            }
        });
    }

    private void Close(StationId station, long epoch, long counter, Conclusion conclusion, string defectClass)
    {
        var wasOpen = _open.Remove((station, epoch, counter), out var name);
        var label = name is null || labelOf is null ? null : labelOf(name);
        Each(t =>
        {
            t.Open -= wasOpen ? 1 : 0;
            t.Conclude(conclusion, defectClass, label);
        });
    }

    private bool IsCandidate(ViewEvidence view) => view.Candidates.Count > 0 || (PolicyOf(view) is { } policy && ViewPolicy.IsCandidate(view.CoarseScore, policy));

    private Verdict CoarseAlone(ViewEvidence view) => PolicyOf(view) is { } policy && view.Outcome == ViewOutcome.Scored ? ViewPolicy.CoarseAlone(view.CoarseScore, policy) : Verdict.Ok;

    private ModelPolicy? PolicyOf(ViewEvidence view) => view.Coarse is { } stamp ? _models.GetValueOrDefault(stamp.ModelDigest) : null;

    private void Each(Action<Tally> act)
    {
        foreach (var tally in tallies)
        {
            act(tally);
        }
    }
}
