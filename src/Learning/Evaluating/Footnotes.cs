namespace Inspection.Learning.Evaluating;

/// <summary>What must be read beside the figures.</summary>
internal static class Footnotes
{
    private const int FewGood = 100;

    public static IReadOnlyList<string> Of(
        EvaluationRequest request,
        IReadOnlyList<EvaluatedImage> images,
        PixelSection pixels,
        KnownData known,
        Lineage lineage,
        CrossValidation? folds,
        SubsetFigures? shared,
        IReadOnlyList<string> duplicatesAcross,
        TimingSection timing)
    {
        List<string> notes = [.. known.Footnotes, request.Data.Groups.Detail];
        if (!request.Data.Groups.Known)
        {
            notes.Add($"intervals are optimistic, because groups are unknown; the near-duplicate search found {duplicatesAcross.Count} pair(s) between training and test");
        }

        if (request.Data.Layout == Datasets.DatasetLayout.Labelled)
        {
            notes.Add("the folder has no split of its own: a fixed fifth of the good groups and every defect are the test");
        }

        if (shared is not null)
        {
            notes.Add($"{shared.ImagesLeftOut} test picture(s) share a group with a training picture: without_shared_groups leaves them out");
        }

        Seen(notes, "the coarse model", lineage.CoarseKnown, lineage.SeenByCoarse.Count);
        if (lineage.VerifierKnown is { } verifierKnown && folds is null)
        {
            Seen(notes, "the verifier", verifierKnown, lineage.SeenByVerifier.Count);
        }

        if (folds is not null)
        {
            notes.Add($"verifier cross-validated: {folds.Folds} stratified group folds; image_auroc is the mean over folds, all other figures pool the held-out pictures. {folds.Note}".TrimEnd());
        }

        var unreadable = images.Count(i => !i.Conclusion.IsDecided);
        if (unreadable > 0)
        {
            notes.Add($"{unreadable} test picture(s) could not be judged; they count as not OK in the rates, and those without a score are in no curve");
        }

        var good = images.Count(i => !i.IsBad);
        if (good < FewGood)
        {
            notes.Add($"{good} good test pictures: 1 % overkill cannot be measured on fewer than {FewGood}, so the oracle figure reads \"at 0 of {good}\"");
        }

        if (good == 0 || good == images.Count)
        {
            notes.Add($"the test has {good} good and {images.Count - good} bad pictures: what needs both is null");
        }

        notes.AddRange(pixels.Footnotes);
        notes.Add("rates are at the thresholds of the packages, frozen before this test; oracle figures are not, and no promise rests on them");
        if (timing.BackboneMs is null)
        {
            notes.Add("backbone_ms, ratio and head_ms are null: no backbone was given to measure");
        }

        return notes;
    }

    private static void Seen(List<string> notes, string model, bool known, int count) => notes.Add(
        !known ? $"which pictures {model} was fitted on is not recorded in its package"
        : count == 0 ? $"{model} has seen none of the test pictures"
        : $"{model} was fitted on {count} of the test pictures: its figures on those are no test; without_seen leaves them out");
}
