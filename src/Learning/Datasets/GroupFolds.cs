using Inspection.Learning.Statistics;

namespace Inspection.Learning.Datasets;

/// <summary>
/// Seeded k-folds by whole groups (rules 2, 8 and 12 of evaluation.md), balanced by label where asked: groups are taken largest first and
/// each goes to the fold that it leaves most even over the labels.
/// </summary>
public sealed class GroupFolds
{
    private readonly int[] _foldOf;

    private GroupFolds(int[] foldOf, int count, string note)
    {
        _foldOf = foldOf;
        Count = count;
        Note = note;
    }

    public int Count { get; }

    /// <summary>Why there are fewer folds than asked for; else empty.</summary>
    public string Note { get; }

    /// <summary>The fold in which item i is held out, 0 .. Count - 1.</summary>
    public int this[int item] => _foldOf[item];

    public int[] HeldOut(int fold) => [.. Enumerable.Range(0, _foldOf.Length).Where(i => _foldOf[i] == fold)];

    public int[] Kept(int fold) => [.. Enumerable.Range(0, _foldOf.Length).Where(i => _foldOf[i] != fold)];

    /// <param name="items">What is folded, in a fixed order.</param>
    /// <param name="folds">How many are wanted; fewer are made where there are fewer groups (in a class, where stratified).</param>
    /// <param name="stratify">Balance the labels over the folds.</param>
    /// <exception cref="DatasetException">Fewer than two groups: nothing can be held out.</exception>
    public static GroupFolds Make(IReadOnlyList<DatasetItem> items, int folds, int seed, bool stratify)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var labels = items.Select(i => stratify ? i.Label : "").ToArray();
        var names = labels.Distinct().Order(StringComparer.Ordinal).ToArray();
        var groups = items.Select((item, index) => (item.Group, index)).GroupBy(p => p.Group, p => p.index)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => g.ToArray()).ToArray();
        if (groups.Length < 2)
        {
            throw new DatasetException($"{items.Count} pictures in {groups.Length} group(s) cannot be folded: at least 2 groups are needed");
        }

        var fewest = names.Select(label => (label, Count: groups.Count(g => g.Any(i => labels[i] == label)))).MinBy(c => c.Count);
        var count = Math.Clamp(fewest.Count, 2, folds);
        var note = count == folds
            ? ""
            : $"{count} folds instead of {folds}: {(stratify ? $"'{fewest.label}' has" : "there are")} {fewest.Count} group(s)"
                + (fewest.Count < 2 ? ", so that class is learned in one fold and tested in the other" : "");

        var random = new SeededRandom((ulong)seed);
        random.Shuffle(groups.AsSpan());
        var tally = groups.Select(g => names.Select(n => (double)g.Count(i => labels[i] == n)).ToArray()).ToArray();
        var totals = names.Select((_, l) => tally.Sum(t => t[l])).ToArray();
        var order = Enumerable.Range(0, groups.Length).OrderByDescending(g => tally[g].Select((c, l) => c / totals[l]).Max()).ToArray();
        var filled = Enumerable.Range(0, count).Select(_ => new double[names.Length]).ToArray();
        var foldOf = new int[items.Count];
        foreach (var g in order)
        {
            var fold = Enumerable.Range(0, count).MinBy(f => (Unevenness(filled, f, tally[g], totals), filled[f].Sum()));
            for (var l = 0; l < names.Length; l++)
            {
                filled[fold][l] += tally[g][l];
            }

            foreach (var i in groups[g])
            {
                foldOf[i] = fold;
            }
        }

        return new GroupFolds(foldOf, count, note);
    }

    // what putting the group into the fold adds to the sum of squares of the folds' shares: the least keeps them even
    private static double Unevenness(double[][] filled, int fold, double[] group, double[] totals)
    {
        var sum = 0.0;
        for (var l = 0; l < group.Length; l++)
        {
            var before = filled[fold][l] / totals[l];
            var added = group[l] / totals[l];
            sum += (2 * before * added) + (added * added);
        }

        return sum;
    }
}
