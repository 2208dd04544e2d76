using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;

namespace Inspection.Learning.Fitting;

/// <summary>Held-out defect probabilities of images: the largest of an image's peak crops, as at inspection.</summary>
internal sealed record HeldOut(float[] Good, float[] Defect, double Auroc);

/// <summary>Trains the head on crops, and cross-validates it by whole groups (rule 12 of evaluation.md).</summary>
internal static class VerifierTrainer
{
    /// <param name="classes">"good" first.</param>
    public static LogisticRegression Train(IEnumerable<CropSample> samples, IReadOnlyList<string> classes, double penalty)
    {
        var (rows, labels) = (new List<float[]>(), new List<int>());
        foreach (var sample in samples)
        {
            var label = Enumerable.Range(0, classes.Count).First(c => classes[c] == sample.Label);
            rows.AddRange(sample.Features);
            labels.AddRange(Enumerable.Repeat(label, sample.Features.Length));
        }

        return LogisticRegression.Fit(rows, labels, classes.Count, penalty);
    }

    public static HeldOut CrossValidate(List<CropSample> real, List<CropSample> synthetic, IReadOnlyList<DatasetItem> items, GroupFolds folds, IReadOnlyList<string> classes, double penalty, Action<int, int> done)
    {
        var (good, defect, aurocs) = (new List<float>(), new List<float>(), new List<double>());
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var held = folds.HeldOut(fold).Select(i => items[i]).ToHashSet();
            var heldGroups = held.Select(i => i.Group).ToHashSet();
            var training = real.Where(s => !held.Contains(s.Item)).Concat(synthetic.Where(s => !heldGroups.Contains(s.Item.Group) && !heldGroups.Contains(s.Source!.Group))).ToList();
            if (training.Select(s => s.Label).Distinct().Count() < 2)
            {
                continue;
            }

            var head = Train(training, classes, penalty);
            var images = real.Where(s => s.IsPeak && held.Contains(s.Item)).GroupBy(s => s.Item)
                .Select(g => (g.Key.IsGood, Defect: g.Max(s => 1 - head.Probabilities(s.Features[0])[0]))).ToList();
            var (foldGood, foldDefect) = (images.Where(i => i.IsGood).Select(i => i.Defect).ToList(), images.Where(i => !i.IsGood).Select(i => i.Defect).ToList());
            good.AddRange(foldGood);
            defect.AddRange(foldDefect);
            if (foldGood.Count > 0 && foldDefect.Count > 0)
            {
                aurocs.Add(Auroc(foldGood, foldDefect));
            }

            done(fold + 1, folds.Count);
        }

        good.Sort();
        defect.Sort();
        return new HeldOut([.. good], [.. defect], aurocs.Count > 0 ? aurocs.Average() : double.NaN);
    }

    /// <summary>
    /// (NG, OK): a candidate is cleared below OK, which at most <paramref name="missRate"/> of held-out defect images fall under, and is NG from
    /// NG, which at most <paramref name="falseNgRate"/> of held-out good images reach; between them it is Review.
    /// </summary>
    public static (float Ng, float Ok) Thresholds(HeldOut heldOut, double missRate, double falseNgRate)
    {
        const float Even = 0.5f;
        if (heldOut.Good.Length == 0 || heldOut.Defect.Length == 0)
        {
            return (Even, Even);
        }

        // The OK bound lies at a held-out defect's value, so that the value itself is not cleared; the NG bound just above a good one's.
        var ok = Math.Min(Even, heldOut.Defect[(int)(missRate * heldOut.Defect.Length)]);
        var allowed = (int)(falseNgRate * heldOut.Good.Length);
        var ng = Math.Max(Even, MathF.BitIncrement(heldOut.Good[heldOut.Good.Length - 1 - allowed]));
        return (Math.Min(ng, MathF.BitDecrement(1f)), ok);
    }

    private static double Auroc(List<float> good, List<float> defect)
    {
        var wins = 0.0;
        foreach (var d in defect)
        {
            foreach (var g in good)
            {
                wins += d > g ? 1 : d == g ? 0.5 : 0;
            }
        }

        return wins / ((double)good.Count * defect.Count);
    }
}
