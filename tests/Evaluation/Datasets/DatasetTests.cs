using Inspection.Learning.Datasets;
using Xunit;

namespace Inspection.Evaluation.Tests.Datasets;

public sealed class DatasetTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_MVTec_convention_gives_split_label_and_mask()
    {
        _ = _scratch.File("train/good/b.png");
        _ = _scratch.File("train/dent/x.png");
        _ = _scratch.File("test/good/a.JPG");
        _ = _scratch.File("test/crack/c.png");
        _ = _scratch.File("test/crack/d.png");
        var mask = _scratch.File("ground_truth/crack/c_mask.png");
        _ = _scratch.File("test/crack/notes.txt");

        var data = ImageDataset.Open(_scratch.Root);

        Assert.Equal(["test/crack/c.png", "test/crack/d.png", "test/good/a.JPG", "train/dent/x.png", "train/good/b.png"], data.Items.Select(i => i.Path));
        Assert.Equal(["crack", "crack", "good", "dent", "good"], data.Items.Select(i => i.Label));
        Assert.Equal([mask, null, null, null, null], data.Items.Select(i => i.MaskPath));
        Assert.Equal(["train/good/b.png"], data.TrainGood.Select(i => i.Path));
        Assert.Equal(["train/dent/x.png"], data.TrainDefects.Select(i => i.Path));
        Assert.Equal(["crack", "dent"], data.DefectClasses);
        Assert.False(data.Groups.Known);
        Assert.Equal(5, data.Items.Select(i => i.Group).Distinct().Count());
    }

    [Fact]
    public void Folders_beside_each_other_get_a_split_that_no_later_picture_moves()
    {
        for (var i = 0; i < 40; i++)
        {
            _ = _scratch.File($"good/{i}.png");
        }

        _ = _scratch.File("hole/h.png");
        var before = ImageDataset.Open(_scratch.Root).Items.ToDictionary(i => i.Path, i => i.Split);
        _ = _scratch.File("good/later.png");
        var data = ImageDataset.Open(_scratch.Root);

        Assert.Equal(DatasetLayout.Labelled, data.Layout);
        Assert.InRange(data.TrainGood.Count, 20, 40);
        Assert.Contains(data.Test, i => i.IsGood);
        Assert.Contains(data.Test, i => i.Label == "hole");
        Assert.All(data.Items.Where(i => before.ContainsKey(i.Path)), i => Assert.Equal(before[i.Path], i.Split));
    }

    [Fact]
    public void A_flat_folder_is_good_pictures_to_learn_from_and_no_test()
    {
        _ = _scratch.File("2.png");
        _ = _scratch.File("1.tiff");
        var data = ImageDataset.Open(_scratch.Root);
        Assert.Equal(["1.tiff", "2.png"], data.RequireTrainGood().Select(i => i.Path));
        Assert.Contains("no test pictures", Assert.Throws<DatasetException>(() => data.RequireTest()).Message);
    }

    [Fact]
    public void Groups_come_from_a_manifest_in_the_folder_or_its_parent()
    {
        _ = _scratch.File("set/train/good/a.png");
        _ = _scratch.File("set/train/good/b.png");
        _ = _scratch.File("manifest.csv", "path,note,group\nset/train/good/a.png,\"x, y\",tile-1\nset/train/good/b.png,,tile-1\n");
        var data = ImageDataset.Open(_scratch["set"]);
        Assert.True(data.Groups.Known);
        Assert.Equal(["tile-1", "tile-1"], data.Items.Select(i => i.Group));

        _ = _scratch.File("set/manifest.csv", "path,group\ntrain/good/a.png,tile-7\ntrain/good/b.png,\n");
        data = ImageDataset.Open(_scratch["set"]);
        Assert.False(data.Groups.Known);
        Assert.Contains("1 of 2", data.Groups.Detail);
        Assert.Equal(["tile-7", "train/good/b.png"], data.Items.Select(i => i.Group));
    }

    [Theory]
    [InlineData("empty", "holds no pictures")]
    [InlineData("missing", "does not exist")]
    [InlineData("bad-only", "holds no picture of a good part")]
    [InlineData("text", "(.txt)")]
    [InlineData("misnamed", "ok/ with 1 pictures")]
    public void What_is_wrong_with_a_folder_is_said_with_what_was_seen(string folder, string expected)
    {
        _ = Directory.CreateDirectory(_scratch["empty"]);
        _ = _scratch.File("bad-only/test/crack/1.png");
        _ = _scratch.File("text/readme.txt");
        _ = _scratch.File("misnamed/ok/1.png");
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(_scratch[folder]));
        Assert.Contains(expected, error.Message);
        Assert.Contains(_scratch[folder], error.Message);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("name,group\na,b\n", "no column 'path'")]
    [InlineData("path,group\na\n", "line 2: 1 fields")]
    public void A_broken_manifest_is_refused_by_name(string content, string expected)
    {
        _ = _scratch.File("good/a.png");
        _ = _scratch.File("manifest.csv", content);
        var error = Assert.Throws<DatasetException>(() => ImageDataset.Open(_scratch.Root));
        Assert.Contains(expected, error.Message);
        Assert.Contains("manifest.csv", error.Message);
    }

    [Fact]
    public void The_digest_changes_with_content_and_name_and_not_with_the_place()
    {
        _ = _scratch.File("one/train/good/a.png", "A");
        _ = _scratch.File("two/train/good/a.png", "A");
        _ = _scratch.File("three/train/good/b.png", "A");
        _ = _scratch.File("four/train/good/a.png", "B");
        var digests = new[] { "one", "two", "three", "four" }.Select(d => DatasetDigest.Of(ImageDataset.Open(_scratch[d]))).ToArray();
        Assert.Equal(digests[0], digests[1]);
        Assert.Equal(3, digests.Distinct().Count());
    }

    [Fact]
    public void Seen_pictures_are_known_again_by_content()
    {
        var item = ImageDataset.Open(Path.GetDirectoryName(_scratch.File("x/a, b.png", "A"))!).Items[0];
        _ = _scratch.File("elsewhere.png", "A");
        SeenImages.Write(_scratch.Root, [item]);
        var seen = SeenImages.Read(_scratch.Root);
        Assert.NotNull(seen);
        Assert.Contains(DatasetDigest.OfFile(_scratch["elsewhere.png"]), seen);
        Assert.Null(SeenImages.Read(_scratch["x"]));
        File.AppendAllText(_scratch[SeenImages.FileName], "nonsense\n");
        Assert.Contains("nonsense", Assert.Throws<DatasetException>(() => SeenImages.Read(_scratch.Root)).Message);
    }

    [Fact]
    public void The_shared_tiles_have_known_groups_and_the_counts_their_readme_gives()
    {
        var data = ImageDataset.Open(Shared.Folder("data/magnetic_tile"));
        Assert.True(data.Groups.Known, data.Groups.Detail);
        Assert.Equal(260, data.TrainGood.Count);
        Assert.Equal(70, data.Test.Count(i => i.IsGood));
        Assert.Equal(12, data.Test.Where(i => i.IsGood).Select(i => i.Group).Distinct().Count());
        Assert.Equal(215, data.Test.Count(i => i.MaskPath is not null));
        Assert.False(ImageDataset.Open(Shared.Folder("data/screw")).Groups.Known);
        Assert.False(ImageDataset.Open(Shared.Folder("data/solar_mono")).Groups.Known);
    }
}
