using Inspection.Learning.Datasets;
using Inspection.Learning.Statistics;
using Xunit;

namespace Inspection.Evaluation.Tests.Datasets;

public sealed class NearDuplicatesTests
{
    [Fact]
    public void A_brighter_noisy_copy_is_found_and_a_shared_design_alone_is_not()
    {
        var random = new SeededRandom(3);
        var items = Enumerable.Range(0, 40).Select(i => Item(i)).ToArray();
        var pictures = items.Select(_ => Grid(ref random)).ToArray();
        pictures[39] = [.. pictures[4].Select(v => (1.3f * v) + 20)];
        pictures[17] = null!;
        var found = NearDuplicates.Find(items, item => pictures[Array.IndexOf(items, item)]);
        var only = Assert.Single(found);
        Assert.Equal(("4.png", "39.png"), (only.First.Path, only.Second.Path));
        Assert.True(only.CrossesSplit);
    }

    // a strong design that all share, and weak texture of its own
    private static float[] Grid(ref SeededRandom random)
    {
        var grey = new float[NearDuplicates.Side * NearDuplicates.Side];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (i % NearDuplicates.Side % 12 < 2 ? 220 : 60) + (10 * (float)random.Unit());
        }

        return grey;
    }

    private static DatasetItem Item(int i) =>
        new() { Path = $"{i}.png", AbsolutePath = $"/{i}.png", Split = i < 20 ? DatasetSplit.Train : DatasetSplit.Test, Label = "good", Group = $"{i}" };
}
