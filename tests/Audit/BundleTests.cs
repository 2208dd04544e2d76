using Inspection.Audit.Bundles;
using Inspection.Audit.Journals;
using Inspection.Audit.Replaying;
using Inspection.Audit.Verifying;
using Inspection.Protocol;

namespace Inspection.Audit.Tests;

public sealed class BundleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_exported_bundle_holds_the_stored_bytes_and_verifies_and_replays_alone()
    {
        using var file = new FileJournal(_folder["j.db"], Story.Whole(), Story.Whole("other"));
        using var journal = SqliteJournal.Open(file.Path);
        var manifest = BundleExporter.Export(journal, _folder["bundle"], "plant-1", ExportFilter.Everything, TimeProvider.System);

        using var bundle = BundleReader.Open(_folder["bundle"]);
        foreach (var line in journal.Lines)
        {
            Assert.Equal(journal.Records(line).Select(r => r.Bytes.ToArray()), bundle.Records(line).Select(r => r.Bytes.ToArray()));
        }

        Assert.Equal(2, manifest.Packages.Count);
        var report = JournalVerifier.Verify(bundle);
        Assert.True(report.IsGood, $"{report.First}");
        Assert.Equal(JournalVerifier.Verify(journal).Lines, report.Lines);
        var replay = ReplayR0.Run(bundle, PackagePolicies.FromFolders(bundle.PackageFolders));
        Assert.True(replay.IsGood, replay.ToJson());
        Assert.Equal(12, replay.Compared);
    }

    [Fact]
    public void A_model_activated_twice_with_other_thresholds_exports_both_and_replays()
    {
        var s = new Story().Begin().See("a", "b");
        _ = s.Conclude(1, "a", s.View(Story.Top, 0.5f, 0.1f), s.View(Story.Side, 0.2f)).Activate(Packages.Coarse(candidate: 0.55));
        _ = s.Conclude(2, "b", s.View(Story.Top, 0.5f), s.View(Story.Side, 0.2f));
        var manifest = BundleExporter.Export(new StoryJournal(s), _folder["bundle"], "p", ExportFilter.Everything, TimeProvider.System);

        using var bundle = BundleReader.Open(_folder["bundle"]);
        Assert.Equal(3, manifest.Packages.Count);
        var replay = ReplayR0.Run(bundle, PackagePolicies.FromFolders(bundle.PackageFolders));
        Assert.True(replay.IsGood, replay.ToJson());
    }

    [Fact]
    public void A_filter_takes_whole_lines_or_their_beginning()
    {
        var story = Story.Whole();
        var source = new StoryJournal(story, Story.Whole("other"));
        var cut = new DateTimeOffset(story.Events[8].UtcTicks, TimeSpan.Zero);
        var manifest = BundleExporter.Export(source, _folder["bundle"], "p", new ExportFilter { Lines = new HashSet<LineId> { story.Line }, Before = cut }, TimeProvider.System);

        Assert.Equal(("tile", 1L, 8L), (Assert.Single(manifest.Lines).Line, manifest.Lines[0].From, manifest.Lines[0].To));
        using var bundle = BundleReader.Open(_folder["bundle"]);
        Assert.True(JournalVerifier.Verify(bundle).IsGood);
        Assert.Throws<BundleException>(() => BundleExporter.Export(source, _folder["b2"], "p", new ExportFilter { Lines = new HashSet<LineId> { new("none") } }, TimeProvider.System));
    }

    [Fact]
    public void A_byte_flipped_anywhere_in_a_bundles_records_is_found_and_its_record_named()
    {
        var story = Story.Whole();
        _ = Export(story);
        var path = Path.Combine(_folder["bundle"], "lines", "tile.records");
        var bytes = File.ReadAllBytes(path);
        var ends = story.Seal().Select(Framed).Aggregate(new List<int> { 0 }, (all, n) => [.. all, all[^1] + n]);
        for (var i = 0; i < bytes.Length; i += i < ends[^2] ? 11 : 1)
        {
            bytes[i] ^= 0x04;
            File.WriteAllBytes(path, bytes);
            bytes[i] ^= 0x04;
            using var bundle = BundleReader.Open(_folder["bundle"]);
            var first = JournalVerifier.Verify(bundle).First!;
            Assert.Equal((FindingKind.Chain, (long)ends.FindLastIndex(e => e <= i) + 1), (first.Kind, first.Sequence));
        }
    }

    [Fact]
    public void A_bundle_whose_end_was_cut_and_its_manifest_not_is_found()
    {
        var story = Story.Whole();
        _ = Export(story);
        var path = Path.Combine(_folder["bundle"], "lines", "tile.records");
        var last = Framed(story.Seal()[^1]);
        using (var file = File.Open(path, FileMode.Open))
        {
            file.SetLength(file.Length - last);
        }

        var e = Assert.Throws<BundleException>(() => BundleReader.Open(_folder["bundle"]));
        Assert.Contains("half a bundle", e.Message, StringComparison.Ordinal);

        Edit(text => text.Replace($"\"bytes\": {new FileInfo(path).Length + last}", $"\"bytes\": {new FileInfo(path).Length}", StringComparison.Ordinal));
        using var bundle = BundleReader.Open(_folder["bundle"]);
        Assert.Contains(JournalVerifier.Verify(bundle).Findings, f => f.Kind == FindingKind.Chain && f.Sequence == story.Events.Count);
    }

    [Fact]
    public void A_changed_package_in_a_bundle_is_found()
    {
        _ = Export(Story.Whole());
        File.AppendAllText(Path.Combine(_folder["bundle"], "packages", Packages.CoarseModel.ToString(), "package.json"), " ");
        using var bundle = BundleReader.Open(_folder["bundle"]);
        Assert.Equal(FindingKind.Bundle, JournalVerifier.Verify(bundle).First!.Kind);
    }

    [Fact]
    public void A_damaged_journal_exports_and_its_bundle_names_the_same_record()
    {
        using var file = new FileJournal(_folder["j.db"], Story.Whole());
        file.Replace(5, [1, 2, 3]);
        using var journal = SqliteJournal.Open(file.Path);
        _ = BundleExporter.Export(journal, _folder["bundle"], "p", ExportFilter.Everything, TimeProvider.System);
        using var bundle = BundleReader.Open(_folder["bundle"]);
        Assert.Equal(JournalVerifier.Verify(journal).First, JournalVerifier.Verify(bundle).First);
    }

    [Theory]
    [InlineData("\"line\": \"tile\"", "\"line\": \"../../etc\"", "not a line's name")]
    [InlineData("\"line\": \"tile\"", "\"line\": \"missing\"", "missing.records is missing")]
    [InlineData("\"from\": 1", "\"from\": 3", "starts at record 1")]
    [InlineData("inspection-bundle-1", "inspection-bundle-9", "has format inspection-bundle-9")]
    [InlineData("\"plant\"", "\"plant_name\"", "no manifest")]
    [InlineData("\"head\": \"", "\"head\": \"zz", "its head is a SHA-256")]
    [InlineData("\"model_digest\": \"", "\"model_digest\": \"../", "not a model's SHA-256")]
    [InlineData("\"packages\": [", "\"packages\": [null, ", "is null")]
    [InlineData("{", "", "no manifest")]
    public void What_is_no_bundle_is_refused_in_words(string was, string becomes, string words)
    {
        _ = Export(Story.Whole());
        Edit(text => text.Replace(was, becomes, StringComparison.Ordinal));
        var e = Assert.Throws<BundleException>(() => BundleReader.Open(_folder["bundle"]));
        Assert.True(e.Message.Contains(words, StringComparison.Ordinal) || e.Message.Contains("named by its model's SHA-256", StringComparison.Ordinal), e.Message);
    }

    [Fact]
    public void Links_out_of_a_bundle_are_refused()
    {
        _ = Export(Story.Whole());
        var path = Path.Combine(_folder["bundle"], "lines", "tile.records");
        File.Move(path, _folder["elsewhere"]);
        _ = File.CreateSymbolicLink(path, _folder["elsewhere"]);
        Assert.Contains("is a link", Assert.Throws<BundleException>(() => BundleReader.Open(_folder["bundle"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_empty_or_half_written_is_no_bundle()
    {
        Assert.Contains("there is no folder", Assert.Throws<BundleException>(() => BundleReader.Open(_folder["none"])).Message, StringComparison.Ordinal);
        _ = Directory.CreateDirectory(_folder["empty"]);
        Assert.Contains("no bundle or half of one", Assert.Throws<BundleException>(() => BundleReader.Open(_folder["empty"])).Message, StringComparison.Ordinal);
        _ = Export(Story.Whole());
        File.Delete(Path.Combine(_folder["bundle"], "manifest.json"));
        Assert.Contains("half of one", Assert.Throws<BundleException>(() => BundleReader.Open(_folder["bundle"])).Message, StringComparison.Ordinal);
        Assert.Contains("not empty", Assert.Throws<BundleException>(() => Export(Story.Whole())).Message, StringComparison.Ordinal);
    }

    /// <summary>Bytes of a record in a bundle's file, its length before it.</summary>
    private static int Framed(Sealed record) => record.Bytes.Length + (record.Bytes.Length < 128 ? 1 : 2);

    private BundleManifest Export(Story story) => BundleExporter.Export(new StoryJournal(story), _folder["bundle"], "p", ExportFilter.Everything, TimeProvider.System);

    private void Edit(Func<string, string> change)
    {
        var path = Path.Combine(_folder["bundle"], BundleManifest.FileName);
        var before = File.ReadAllText(path);
        var after = change(before);
        Assert.NotEqual(before, after);
        File.WriteAllText(path, after);
    }
}
