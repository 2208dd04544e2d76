using Inspection.Learning.Datasets;

namespace Inspection.Learning.Evaluating;

/// <summary>
/// Rules 12 and 13: stratified group folds over the test pictures; in each, the verifier is fitted again on the others and judges those
/// held out. Every picture is judged once, by a verifier that has seen nothing of its group.
/// </summary>
internal sealed class FoldedRun(EvaluationRequest request, TestRun run)
{
    private const int Folds = 5;

    public (IReadOnlyList<EvaluatedImage> Images, CrossValidation Figures) All(CancellationToken cancel)
    {
        var items = request.Data.RequireTest();
        var folds = GroupFolds.Make(items, Folds, request.Seed, stratify: true);
        List<EvaluatedImage> images = [];
        List<double?> both = [], coarse = [];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            cancel.ThrowIfCancellationRequested();
            var verifier = request.Refit!([.. folds.Kept(fold).Select(i => items[i])], fold);
            var held = run.Of(request.Models with { Verifier = verifier }, [.. folds.HeldOut(fold).Select(i => items[i])], images.Count, cancel);
            var scored = held.Where(i => i.IsScored).ToArray();
            both.Add(ImageFigures.CurveOf(scored, i => i.Score).Auroc());
            coarse.Add(ImageFigures.CurveOf(scored, i => i.Evidence.CoarseScore).Auroc());
            images.AddRange(held);
        }

        images.Sort((a, b) => StringComparer.Ordinal.Compare(a.Item.Path, b.Item.Path));
        return (images, new CrossValidation(folds.Count, folds.Note, both.Average(), coarse.Average(), both, coarse));
    }
}
