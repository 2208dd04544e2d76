using Inspection.Learning.Datasets;
using Inspection.Protocol;

namespace Inspection.Learning.Evaluating;

/// <summary>Puts the sections together, and the footnotes that evaluation.md demands.</summary>
internal sealed class ReportBuilder(EvaluationRequest request, TestRun run, IReadOnlyList<EvaluatedImage> images, CrossValidation? folds)
{
    public EvaluationReport Build()
    {
        var data = request.Data;
        var figures = new ImageFigures(images, data.Groups.Known, request.Seed);
        var thresholds = request.Models.Coarse.Manifest.Coarse!;
        var pixels = PixelSection.Of(images, thresholds.MapWidth, thresholds.MapHeight);
        var known = KnownData.Of(data);
        var lineage = SeenSection.Of(request.Models, folds is not null, images);
        var seen = lineage.SeenByCoarse.Concat(lineage.SeenByVerifier).ToHashSet();
        var trained = data.Items.Where(i => i.Split == DatasetSplit.Train).Select(i => i.Group).ToHashSet();
        var shared = figures.Without(i => trained.Contains(i.Item.Group));
        var duplicates = Duplicates.Of(data);
        var across = duplicates.Where(d => d.CrossesSplit).Select(d => $"{d.First.Path} ~ {d.Second.Path}").ToArray();
        var timing = TimingSection.Of(images, run, request.Backbone?.Description);
        var intervals = figures.Intervals();
        return new EvaluationReport
        {
            Data = new DataFacts(
                data.Name,
                DigestOf(data),
                data.Layout.ToString().ToLowerInvariant(),
                images.Count(i => !i.IsBad),
                images.Count(i => i.IsBad),
                ImageFigures.Groups(images, i => !i.IsBad),
                ImageFigures.Groups(images, i => i.IsBad),
                data.Groups.Known,
                data.Groups.Detail,
                duplicates.Count,
                across),
            Models = Models(),
            Images = images.Count,
            Scored = figures.Scored.Count,
            ImageAuroc = folds is null ? figures.Curve.Auroc() : folds.ImageAuroc,
            CoarseImageAuroc = folds is null ? figures.CoarseAuroc : folds.CoarseImageAuroc,
            AveragePrecision = figures.Curve.AveragePrecision(),
            PixelAuroc = pixels.Figures?.PooledAuroc,
            PixelAurocImageMean = pixels.Figures?.MeanAuroc,
            Aupro = pixels.Figures?.Aupro30,
            Aupro05 = pixels.Figures?.Aupro05,
            MaskRegions = pixels.Figures?.Regions,
            EscapeRate = Rates.Escape(images),
            OverkillRate = Rates.Overkill(images),
            NgGoodRate = Rates.Of(images, null, i => !i.IsBad, i => i.Conclusion.Verdict == Verdict.Ng),
            ReviewRateGood = Rates.Of(images, null, i => !i.IsBad, i => i.Conclusion.Verdict == Verdict.Review),
            ReviewRateBad = Rates.Of(images, null, i => i.IsBad, i => i.Conclusion.Verdict == Verdict.Review),
            Precision = figures.Precision(),
            Recall = Rates.Of(images, null, i => i.IsBad, i => i.Conclusion.Verdict == Verdict.Ng),
            Intervals = intervals,
            Oracle = figures.Oracle(),
            EscapeBound = figures.Bound(BoundIsVoid(known, seen)),
            Confusion = figures.Confusion(),
            PerClass = figures.PerClass(),
            MsPerImage = timing.MsPerImage,
            BackboneMs = timing.BackboneMs,
            Ratio = timing.MsPerImage / timing.BackboneMs,
            HeadMs = timing.HeadMs,
            Timing = timing.Detail,
            Verifier = folds is null && request.Models.Verifier is null ? null : figures.Effect(),
            Lineage = lineage,
            WithoutSharedGroups = data.Groups.Known ? shared : null,
            WithoutSeen = figures.Without(i => seen.Contains(i.Item.Path)),
            CrossValidation = folds,
            Unreadable = [.. images.Where(i => !i.Conclusion.IsDecided).Select(i => new ImageProblem(i.Item.Path, i.Conclusion.ToString(), i.Reason))],
            Footnotes = Footnotes.Of(request, images, pixels, known, lineage, folds, data.Groups.Known ? shared : null, across, timing),
        };
    }

    // a picture that cannot be opened makes the set's digest unknown, not the evaluation impossible
    private static string DigestOf(ImageDataset data)
    {
        try
        {
            return DatasetDigest.Of(data).ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"unknown: {e.Message}";
        }
    }

    private IReadOnlyList<ModelFacts> Models()
    {
        List<ModelFacts> facts = [Fact("coarse", request.Models.Coarse.Manifest, images.Select(i => i.Evidence.Coarse).FirstOrDefault(s => s is not null))];
        if (folds is null && request.Models.Verifier is { } verifier)
        {
            facts.Add(Fact("verifier", verifier.Manifest, images.Select(i => i.Evidence.Verifier).FirstOrDefault(s => s is not null)));
        }

        return facts;
    }

    private static ModelFacts Fact(string stage, Vision.Models.PackageManifest manifest, InferenceStamp? stamp) =>
        new(stage, manifest.Name, manifest.ModelDigest, stamp?.RuntimeVersions ?? "", stamp?.Provider ?? "", stamp?.CpuClass ?? "");

    private string BoundIsVoid(KnownData known, HashSet<string> seen)
    {
        var trained = images.Count(i => i.IsBad && seen.Contains(i.Item.Path));
        return trained > 0 ? $"void: {trained} of these defects trained a model"
            : folds is not null ? "void: these defects trained the verifiers of the other folds"
            : known.ChosenOnTheseImages ? "void: the recipe was chosen on these images"
            : "";
    }
}
