namespace Inspection.Learning.Evaluating;

/// <summary>Rates at the frozen thresholds (rules 6 and 7), of some images with a weight each. Null where there is no such image.</summary>
internal static class Rates
{
    public static double? Escape(IReadOnlyList<EvaluatedImage> images, int[]? weights = null) => Of(images, weights, i => i.IsBad, i => i.Conclusion.IsOk);

    /// <summary>The gate diverts Review and Fallback too, so they are overkill as NG is.</summary>
    public static double? Overkill(IReadOnlyList<EvaluatedImage> images, int[]? weights = null) => Of(images, weights, i => !i.IsBad, i => !i.Conclusion.IsOk);

    /// <summary>The share of those that meet <paramref name="among"/> which also meet <paramref name="which"/>.</summary>
    public static double? Of(IReadOnlyList<EvaluatedImage> images, int[]? weights, Func<EvaluatedImage, bool> among, Func<EvaluatedImage, bool> which)
    {
        long all = 0, hits = 0;
        for (var i = 0; i < images.Count; i++)
        {
            if (among(images[i]))
            {
                var weight = weights?[i] ?? 1;
                all += weight;
                hits += which(images[i]) ? weight : 0;
            }
        }

        return all == 0 ? null : (double)hits / all;
    }
}
