using System.Globalization;
using Inspection.Audit.Asking;
using Inspection.Protocol;

namespace Inspection.Why;

/// <summary>A part's story in sentences, in the order in which things happened.</summary>
internal static class PartWords
{
    public static IReadOnlyList<string> Of(PartStory story)
    {
        var words = new List<string> { $"Part {story.Part} is '{story.ExternalId}', seen by station {story.Key.Station}." };
        if (story.Accepted is { } accepted)
        {
            words.Add($"It was accepted at {Time(accepted.Utc)} (record {accepted.Sequence}).");
        }

        words.Add(story.Concluded is { } e
            ? string.Create(CultureInfo.InvariantCulture, $"It was concluded as {e.Conclusion} at {Time(story.Terminal.Utc)} (record {story.Terminal.Sequence}), {e.Elapsed.TotalMilliseconds:0} ms after its trigger of at most {e.Deadline.TotalMilliseconds:0} ms, because: {e.Reason}.{(e.DefectClass.Length > 0 ? $" Defect class: {e.DefectClass}." : "")} Disposition: {e.Disposition}.")
            : $"It fell back at {Time(story.Terminal.Utc)} (record {story.Terminal.Sequence}) without evidence: {((PartsFellBack)story.Terminal.Event).Reason}, {((PartsFellBack)story.Terminal.Event).Detail}.");
        if (story.Concluded is { } c && float.IsFinite(c.NearMissMargin))
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"Near-miss margin: the nearest score was {100 * c.NearMissMargin:0.0} % of its threshold away from another verdict."));
        }

        words.AddRange(Skipped(story));
        words.Add(story.Passed switch
        {
            true => $"The gate let it pass (record {story.GateRecord!.Sequence}).",
            false => $"The gate diverted it (record {story.GateRecord!.Sequence}).",
            null => "The gate never reported what it did with it: act unknown; the ejector at rest diverts.",
        });
        words.AddRange(story.After.Select(After));
        words.AddRange(SelfApproved(story));
        return words;
    }

    /// <summary>What was not done, and why.</summary>
    private static IEnumerable<string> Skipped(PartStory story)
    {
        if (story.Concluded is not { } part)
        {
            yield return "Nothing of it was computed: no frame, no scores.";
            yield break;
        }

        foreach (var missing in story.Recipe?.Views.Where(v => v.Station == story.Key.Station && part.Views.All(s => s.Camera != v.Camera)) ?? [])
        {
            yield return $"Camera {missing.Camera} had not answered when it was concluded.";
        }

        foreach (var view in part.Views)
        {
            if (view.Outcome != ViewOutcome.Scored)
            {
                yield return $"Camera {view.Camera}: no score, {view.Outcome}: {view.Detail}.";
            }
            else if (story.Recipe?.HasVerifier == true && view.Verifier is null)
            {
                yield return view.Candidates.Count == 0
                    ? $"Camera {view.Camera}: the verifier was not asked, since the coarse score lies below the candidate threshold."
                    : $"Camera {view.Camera}: {view.Candidates.Count} candidate regions, and no verifier answered in time.";
            }

            if (view.FrameDigest.IsNone)
            {
                yield return $"Camera {view.Camera}: its frame was not kept{(part.Conclusion.IsOk ? " (the part is OK, and the frame was not drawn for the sample)" : "")}: there is no R1 for it, only R0 from the recorded scores.";
            }
        }
    }

    private static string After(StoryRecord record) => record.Event switch
    {
        PartReviewed e => $"Reviewed at {Time(record.Utc)} by {e.By}: {e.Before} became {Conclusion.Decided(e.After)}, because: {e.Why} (record {record.Sequence}).",
        FrameErased e => $"The frame of camera {e.Camera} was erased by authority at {Time(record.Utc)} by {e.By}, because: {e.Why} (record {record.Sequence}).",
        LateEvidence e => string.Create(CultureInfo.InvariantCulture, $"Camera {e.Camera} answered after the conclusion, at {Time(record.Utc)}: {e.Outcome}, coarse score {e.CoarseScore:0.####} (record {record.Sequence})."),
        _ => $"Record {record.Sequence}: {record.Event.GetType().Name}.",
    };

    private static IEnumerable<string> SelfApproved(PartStory story)
    {
        var used = story.Concluded?.Views.SelectMany(v => new[] { v.Coarse?.ModelDigest, v.Verifier?.ModelDigest }).OfType<Digest>().ToHashSet() ?? [];
        return story.ModelRecords.Select(r => (ModelActivated)r.Event).Where(m => used.Contains(m.Policy.ModelDigest) && m.Approval == ModelActivated.SelfApproved)
            .Select(m => m.PackageName).Distinct(StringComparer.Ordinal)
            .Select(name => $"SELF-APPROVED: nobody but the plant itself approved model {name}.");
    }

    internal static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);
}
