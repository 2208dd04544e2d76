using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;
using Inspection.Decisions.Policy;
using Inspection.Protocol;
using Inspection.Vision.Archive;
using Inspection.Vision.Inference;

namespace Inspection.Replaying;

/// <summary>
/// Promise P6, levels R1 and R2: every archived frame through preparation and models again, compared with its record; then the verdict from
/// what came out. Streams; one thread.
/// </summary>
internal sealed class FrameReplay(string level, FrameArchive archive, FrameInference inference)
{
    private readonly List<ReplayDifference> _differences = [];
    private readonly List<Finding> _findings = [];
    private long _parts;
    private long _identical;
    private long _within;
    private long _beyond;
    private long _flipped;
    private long _notKept;
    private long _erased;
    private long _notComputed;
    private long _otherMachine;
    private long _differenceCount;
    private float _largest;

    private static readonly (string CpuClass, string RuntimeVersions, string Provider) Here = (Stamps.CpuClass(), Stamps.Runtime, new InferenceOptions().ProviderName);

    public FrameReplayReport Run(IJournalSource source)
    {
        foreach (var line in source.Lines)
        {
            try
            {
                RunLine(source, line);
            }
            catch (BrokenChainException e)
            {
                _findings.Add(Finding.Of(e));
            }
        }

        return new FrameReplayReport(source.Description, level, $"{Here.CpuClass}; {Here.RuntimeVersions}", _parts, _identical, _within, _beyond, _flipped, _largest, _notKept, _erased, _notComputed, _otherMachine, _differences, _differenceCount, _findings);
    }

    private void RunLine(IJournalSource source, LineId line)
    {
        // erasures come after what they erase
        var erased = source.Chain(line).Select(r => r.Event).OfType<FrameErased>().Select(e => e.Frame).ToHashSet();
        var (recipe, policies, verifier) = ((Recipe?)null, new Dictionary<Digest, ModelPolicy>(), (ModelPolicy?)null);
        foreach (var record in source.Chain(line))
        {
            switch (record.Event)
            {
                case RecipeActivated e:
                    recipe = e.Recipe;
                    break;
                case ModelActivated e:
                    policies[e.Policy.ModelDigest] = e.Policy;
                    verifier = e.Policy.Stage == ModelStage.Verifier ? e.Policy : verifier;
                    break;
                case PartConcluded e when recipe is not null:
                    Compare(record.Sequence, e, recipe, policies, recipe.HasVerifier ? verifier : null, erased);
                    break;
            }
        }
    }

    private void Compare(long sequence, PartConcluded part, Recipe recipe, Dictionary<Digest, ModelPolicy> policies, ModelPolicy? verifier, HashSet<Digest> erased)
    {
        var (views, any, whys) = (part.Views.ToArray(), false, new List<string>());
        for (var i = 0; i < views.Length; i++)
        {
            if (Again(sequence, part, views[i], verifier, policies, erased) is not { } again)
            {
                continue;
            }

            any = true;
            var comparison = ViewComparison.Of(views[i], again.Evidence);
            _largest = MathF.Max(_largest, comparison.Most);
            if (comparison.Difference is null)
            {
                _identical++;
                continue;
            }

            var within = comparison.SameInput && comparison.Most <= Tolerance(views[i], policies);
            (_within, _beyond) = (_within + (within ? 1 : 0), _beyond + (within ? 0 : 1));
            whys.Add($"camera {views[i].Camera}: {comparison.Difference}");
            views[i] = again.Evidence;
        }

        _parts += any ? 1 : 0;
        var verdict = any ? PartPolicy.Judge(recipe, part.Key.Station, views, policies.GetValueOrDefault).Conclusion : part.Conclusion;
        if (verdict != part.Conclusion && whys.Count > 0)
        {
            _flipped++;
        }

        if (whys.Count > 0 && ++_differenceCount <= FrameReplayReport.MostListed)
        {
            _differences.Add(new ReplayDifference(part.Key.ToString(), part.ExternalId, sequence, part.Conclusion.ToString(), verdict.ToString(), string.Join("; ", whys)));
        }
    }

    /// <summary>Null where there is nothing to compare, and that is counted.</summary>
    private ViewAgain? Again(long sequence, PartConcluded part, ViewEvidence view, ModelPolicy? verifier, Dictionary<Digest, ModelPolicy> policies, HashSet<Digest> erased)
    {
        if (view.Coarse is not { } stamp || view.Outcome != ViewOutcome.Scored || stamp.Provider == "simulated")
        {
            _notComputed++;
            return null;
        }

        if (view.FrameDigest.IsNone || erased.Contains(view.FrameDigest))
        {
            (_notKept, _erased) = (_notKept + (view.FrameDigest.IsNone ? 1 : 0), _erased + (view.FrameDigest.IsNone ? 0 : 1));
            return null;
        }

        if (level == FrameReplayReport.R1 && (stamp.CpuClass, stamp.RuntimeVersions, stamp.Provider) != Here)
        {
            _otherMachine++;
            return null;
        }

        var (why, again) = ("", (ViewAgain?)null);
        try
        {
            again = archive.TryRead(view.FrameDigest) is { } frame ? inference.Run(frame, view, verifier, policies.GetValueOrDefault, out why) : null;
            why = again is null && why.Length == 0 ? $"is missing: it is not in {archive.Folder}, and no record says that it was erased" : $"cannot be computed again: {why}";
        }
        catch (FrameArchiveException e)
        {
            why = $"is not the one that was recorded: {e.Message}";
        }

        if (again is null)
        {
            _findings.Add(new Finding(FindingKind.Frame, part.Key.Line.Value, sequence, $"frame {view.FrameDigest.Short} of part {part.Key}, camera {view.Camera}, {why}"));
        }

        return again;
    }

    private static float Tolerance(ViewEvidence view, Dictionary<Digest, ModelPolicy> policies) =>
        MathF.Max(policies.GetValueOrDefault(view.Coarse!.ModelDigest)?.Tolerance ?? 0, view.Verifier is { } v ? policies.GetValueOrDefault(v.ModelDigest)?.Tolerance ?? 0 : 0);
}
