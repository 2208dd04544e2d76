using System.Globalization;
using Inspection.Audit.Verifying;
using Inspection.Decisions.Policy;
using Inspection.Protocol;

namespace Inspection.Audit.Replaying;

/// <summary>Follows one line: which recipe and models were active when, and each part's verdict derived again.</summary>
internal sealed class LineReplay(LineId line, IPolicySource policies, ReplayR0.Tally tally)
{
    private readonly Dictionary<Digest, ModelPolicy> _active = [];
    private readonly HashSet<(Digest Model, Digest Recorded)> _reported = [];
    private Recipe? _recipe;

    public void Apply(ChainRecord record)
    {
        switch (record.Event)
        {
            case RecipeActivated e:
                _recipe = e.Recipe;
                break;
            case ModelActivated e:
                _active[e.Policy.ModelDigest] = policies.PolicyFor(e.Policy);
                break;
            case PartsFellBack e:
                tally.FellBackByRange += e.To - e.From + 1;
                break;
            case PartConcluded e:
                Compare(record.Sequence, e.ExternalId, RecordedVerdict.Split(e));
                break;
            default:
                break; // says nothing about verdicts
        }
    }

    private void Compare(long sequence, string externalId, (ReplayInput Input, RecordedVerdict Recorded) part)
    {
        tally.Compared++;
        CheckThresholds(sequence, part.Input.Views);
        var key = part.Input.Key;
        var recorded = part.Recorded;
        if (Derive(part.Input, out var replayed) is { } impossible)
        {
            tally.Add(new ReplayDifference(key.ToString(), externalId, sequence, recorded.Conclusion.ToString(), "nothing", impossible), isFlip: true);
        }
        else if (Difference(recorded, replayed) is { } why)
        {
            tally.Add(new ReplayDifference(key.ToString(), externalId, sequence, recorded.Conclusion.ToString(), replayed.Conclusion.ToString(), why), isFlip: recorded.Conclusion != replayed.Conclusion);
        }
    }

    /// <summary>The verdict from the evidence alone; else why there could be none at that time.</summary>
    private string? Derive(ReplayInput input, out Judgement judgement)
    {
        judgement = default;
        if (_recipe is not { } recipe)
        {
            return "no recipe was active";
        }

        // a missing view is a fallback only once the deadline has come (rule V2)
        var missing = recipe.Views.Where(v => v.Station == input.Key.Station && input.Views.All(seen => seen.Camera != v.Camera)).Select(v => v.Camera.Value).ToList();
        if (missing.Count > 0 && input.Elapsed < input.Deadline)
        {
            return string.Create(CultureInfo.InvariantCulture, $"concluded {input.Elapsed.TotalMilliseconds:0.###} ms after the trigger, before its deadline of {input.Deadline.TotalMilliseconds:0.###} ms, while {string.Join(", ", missing)} had not answered");
        }

        judgement = PartPolicy.Judge(recipe, input.Key.Station, input.Views, _active.GetValueOrDefault);
        return null;
    }

    private static string? Difference(RecordedVerdict recorded, Judgement replayed)
    {
        if (recorded.Conclusion != replayed.Conclusion)
        {
            return $"recorded because '{recorded.Reason}', replayed because '{replayed.Reason}'";
        }

        if (recorded.Disposition != replayed.Disposition)
        {
            return $"disposition {recorded.Disposition}, replayed {replayed.Disposition}";
        }

        if (recorded.DefectClass != replayed.DefectClass)
        {
            return $"defect class '{recorded.DefectClass}', replayed '{replayed.DefectClass}'";
        }

        return IsSame(recorded.Margin, replayed.Margin)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"margin {recorded.Margin:R} (bits {BitConverter.SingleToUInt32Bits(recorded.Margin):x8}), replayed {replayed.Margin:R} (bits {BitConverter.SingleToUInt32Bits(replayed.Margin):x8})");
    }

    // a NaN's sign and payload depend on the processor that made it
    private static bool IsSame(float a, float b) => BitConverter.SingleToUInt32Bits(a) == BitConverter.SingleToUInt32Bits(b) || (float.IsNaN(a) && float.IsNaN(b));

    private void CheckThresholds(long sequence, EquatableList<ViewEvidence> views)
    {
        foreach (var view in views)
        {
            CheckThresholds(sequence, view.Coarse);
            CheckThresholds(sequence, view.Verifier);
        }
    }

    private void CheckThresholds(long sequence, InferenceStamp? stamp)
    {
        if (stamp is not null
            && _active.TryGetValue(stamp.ModelDigest, out var policy)
            && policy.ThresholdsDigest != stamp.ThresholdsDigest
            && _reported.Add((stamp.ModelDigest, stamp.ThresholdsDigest)))
        {
            tally.Findings.Add(new Finding(
                FindingKind.Thresholds,
                line.Value,
                sequence,
                $"it and later ones were decided with thresholds {stamp.ThresholdsDigest.Short}.. of model {stamp.ModelDigest.Short}.., and the replay's package has {policy.ThresholdsDigest.Short}..; the replay uses the package's"));
        }
    }
}
