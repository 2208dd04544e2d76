using FsCheck.Xunit;
using Inspection.Learning.Datasets;
using Xunit;

namespace Inspection.Evaluation.Tests.Datasets;

public sealed class GroupFoldsTests
{
    [Property(MaxTest = 200)]
    public void Folds_never_split_a_group_and_hold_out_every_item_once(byte[] groups, int seed)
    {
        var items = groups.Select((g, i) => Item(i, $"g{g % 12}", g % 3 == 0 ? "crack" : "good")).ToArray();
        if (items.Select(i => i.Group).Distinct().Count() < 2)
        {
            return;
        }

        var folds = GroupFolds.Make(items, 5, seed, stratify: true);
        Assert.All(items.Select((item, i) => (item.Group, Fold: folds[i])).GroupBy(p => p.Group), g => Assert.Single(g.Select(p => p.Fold).Distinct()));
        Assert.Equal(Enumerable.Range(0, items.Length), Enumerable.Range(0, folds.Count).SelectMany(folds.HeldOut).Order());
        Assert.All(Enumerable.Range(0, folds.Count), f => Assert.Empty(folds.HeldOut(f).Intersect(folds.Kept(f))));
    }

    [Fact]
    public void Labels_are_spread_evenly_over_the_folds()
    {
        var items = Enumerable.Range(0, 100).Select(i => Item(i, $"g{i}", i < 10 ? "crack" : "good")).ToArray();
        var folds = GroupFolds.Make(items, 5, 1, stratify: true);
        Assert.All(Enumerable.Range(0, 5), f => Assert.Equal(2, folds.HeldOut(f).Count(i => !items[i].IsGood)));
        Assert.All(Enumerable.Range(0, 5), f => Assert.Equal(20, folds.HeldOut(f).Length));
    }

    [Fact]
    public void A_class_with_few_groups_makes_fewer_folds_and_says_so()
    {
        var items = Enumerable.Range(0, 40).Select(i => Item(i, $"g{i}", i < 3 ? "fray" : "good")).ToArray();
        var folds = GroupFolds.Make(items, 5, 1, stratify: true);
        Assert.Equal(3, folds.Count);
        Assert.Contains("'fray' has 3 group(s)", folds.Note);
        Assert.All(Enumerable.Range(0, 3), f => Assert.Contains(folds.HeldOut(f), i => items[i].Label == "fray"));
    }

    [Fact]
    public void The_same_seed_gives_the_same_folds_and_another_gives_others()
    {
        var items = Enumerable.Range(0, 60).Select(i => Item(i, $"g{i / 2}", "good")).ToArray();
        int[] Of(int seed) => [.. Enumerable.Range(0, 60).Select(i => GroupFolds.Make(items, 5, seed, false)[i])];
        Assert.Equal(Of(3), Of(3));
        Assert.NotEqual(Of(3), Of(4));
    }

    [Fact]
    public void One_group_cannot_be_folded()
    {
        var items = Enumerable.Range(0, 4).Select(i => Item(i, "same", "good")).ToArray();
        Assert.Contains("at least 2 groups", Assert.Throws<DatasetException>(() => GroupFolds.Make(items, 5, 1, false)).Message);
    }

    private static DatasetItem Item(int i, string group, string label) =>
        new() { Path = $"{i}.png", AbsolutePath = $"/{i}.png", Split = DatasetSplit.Test, Label = label, Group = group };
}
