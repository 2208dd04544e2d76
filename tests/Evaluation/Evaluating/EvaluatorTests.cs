using System.Globalization;
using System.Text.Json;
using Inspection.Learning.Datasets;
using Inspection.Learning.Evaluating;
using Inspection.Learning.Statistics;
using Inspection.Vision.Work;
using Xunit;

namespace Inspection.Evaluation.Tests.Evaluating;

public sealed class EvaluatorTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Scores_csv_has_every_test_picture_once_and_gives_the_reported_figures_again()
    {
        var result = Run(TinySet.Write(_scratch));
        var lines = File.ReadAllLines(result.ScoresCsv);
        Assert.Equal("image,label,score,conclusion", lines[0]);
        var rows = lines[1..].Select(CsvLine.Split).ToArray();
        Assert.Equal(24, rows.Length);
        Assert.Equal(rows.Select(r => r[0]).Order(StringComparer.Ordinal), rows.Select(r => r[0]));
        Assert.Equal(["faint", "good", "spot"], rows.Select(r => r[1]).Distinct().Order());
        Assert.All(rows, r => Assert.True(r[3] is "OK" or "NG"));

        var scores = rows.Select(r => (double)float.Parse(r[2], CultureInfo.InvariantCulture)).ToArray();
        var bad = rows.Select(r => r[1] != "good").ToArray();
        Assert.Equal(RocCurve.Of(scores, bad).Auroc(), result.Report.ImageAuroc);
        Assert.Equal(scores, result.Images.Select(i => (double)i.Score));
        var escapes = rows.Count(r => r[1] != "good" && r[3] == "OK");
        Assert.Equal(escapes / 12.0, result.Report.EscapeRate);
        Assert.InRange(escapes, 1, 11);
    }

    [Fact]
    public void Report_json_has_the_promised_keys()
    {
        var result = Run(TinySet.Write(_scratch));
        var json = JsonDocument.Parse(File.ReadAllText(result.ReportJson)).RootElement;
        string[] keys =
        [
            "protocol", "image_auroc", "pixel_auroc", "aupro", "escape_rate", "overkill_rate", "ms_per_image", "images", "ng_good_rate", "review_rate_good",
            "review_rate_bad", "precision", "recall", "oracle", "confusion", "per_class", "intervals", "backbone_ms", "ratio", "head_ms", "verifier", "lineage", "footnotes",
        ];
        Assert.All(keys, key => Assert.True(json.TryGetProperty(key, out _), $"report.json lacks '{key}'"));
        Assert.Equal("protocol 1", json.GetProperty("protocol").GetString());
        Assert.Equal(24, json.GetProperty("images").GetInt32());
        Assert.True(json.GetProperty("ms_per_image").GetDouble() > 0);
        Assert.Equal("at 0 of 12", json.GetProperty("oracle").GetProperty("escape_at_1pct_overkill").GetProperty("reads").GetString());
        Assert.Equal(12, json.GetProperty("oracle").GetProperty("escape_at_1pct_overkill").GetProperty("good_groups").GetInt32());
        Assert.Equal(12, json.GetProperty("mask_regions").GetInt32());
        Assert.True(json.GetProperty("pixel_auroc").GetDouble() > 0.7);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("verifier").ValueKind);
    }

    [Fact]
    public void An_unreadable_picture_falls_back_is_listed_and_counts_as_not_OK()
    {
        _ = TinySet.Write(_scratch);
        _ = _scratch.File("set/test/good/broken.png", "this is no picture");
        _ = _scratch.File("set/test/spot/empty.png", "");
        var result = Run(ImageDataset.Open(_scratch["set"]));
        Assert.Equal((26, 24), (result.Report.Images, result.Report.Scored));
        Assert.Equal(["test/good/broken.png", "test/spot/empty.png"], result.Report.Unreadable.Select(u => u.Image));
        Assert.All(result.Report.Unreadable, u => Assert.NotEqual("", u.Detail));
        Assert.Equal("test/good/broken.png,good,NaN,Fallback(Unreadable)", File.ReadAllLines(result.ScoresCsv).Single(l => l.Contains("broken")));
        Assert.Equal(1 / 13.0, result.Report.OverkillRate);
        Assert.Contains(result.Report.Footnotes, f => f.Contains("2 test picture(s) could not be judged"));
        Assert.Contains("broken.png", File.ReadAllText(result.ReportHtml));
    }

    [Fact]
    public void A_picture_that_fails_the_sentinel_falls_back_as_on_the_line_and_is_ranked_all_the_same()
    {
        _ = TinySet.Write(_scratch);
        File.WriteAllBytes(_scratch["set/test/good/dark.png"], Vision.Imaging.ImageEncoder.Png(new byte[TinySet.Width * TinySet.Height], TinySet.Width, TinySet.Height, 1));
        var result = Run(ImageDataset.Open(_scratch["set"]));
        var dark = Assert.Single(result.Images, i => i.Item.Path.EndsWith("dark.png"));
        Assert.Equal("Fallback(NotInspectable)", dark.Conclusion.ToString());
        Assert.Equal(0, dark.Score);
        Assert.Equal(25, result.Report.Scored);
        Assert.Equal("test/good/dark.png", Assert.Single(result.Report.Unreadable).Image);
    }

    [Fact]
    public void What_the_verifier_changed_is_counted_both_ways()
    {
        // it clears whatever is not bright: faint spots that the coarse model rejects pass
        var data = TinySet.Write(_scratch);
        var models = new LineModels(StubModels.Coarse(_scratch.Root, reject: 0.429f, candidate: 0.427f), StubModels.Verifier(_scratch.Root, (slot, box) => StubModels.Brightest(slot, box) > 0.9 ? 0.95f : 0.1f));
        var result = Run(data, models);
        var effect = result.Report.Verifier!;
        Assert.Equal(result.Images.Count(i => i.IsBad && i.CoarseAlone == Protocol.Verdict.Ng && i.Conclusion.IsOk), effect.ClearedBad);
        Assert.True(effect.ClearedBad > 0);
        Assert.True(effect.Candidates >= 6);
        Assert.All(result.Images.Where(i => i.Item.Label == "spot"), i => Assert.Equal(("NG", "spot"), (i.Conclusion.ToString(), i.DefectClass)));

        // rule 13: whoever is no candidate ranks below every candidate
        Assert.True(result.Images.Where(i => !i.IsCandidate).Max(i => i.Score) < 0);
        Assert.True(result.Images.Where(i => i.IsCandidate).Min(i => i.Score) >= 0);
    }

    [Fact]
    public void Pictures_a_model_has_seen_are_named_and_void_the_bound()
    {
        var data = TinySet.Write(_scratch);
        Assert.NotNull(Run(data).Report.EscapeBound!.Upper);
        SeenImages.Write(_scratch.Root, data.Items.Where(i => i.Path is "test/spot/0.png" or "train/good/0.png"));
        var report = Run(data).Report;
        Assert.Equal(["test/spot/0.png"], report.Lineage.SeenByCoarse);
        Assert.Null(report.EscapeBound!.Upper);
        Assert.Contains("void", report.EscapeBound.Void);
        Assert.Equal(1, report.WithoutSeen!.ImagesLeftOut);
    }

    [Fact]
    public void Unknown_groups_mark_every_interval_and_known_ones_do_not()
    {
        var known = Run(TinySet.Write(_scratch)).Report;
        Assert.Equal("", known.Intervals["image_auroc"].Note);
        File.Delete(_scratch["set/manifest.csv"]);
        var unknown = Run(ImageDataset.Open(_scratch["set"])).Report;
        Assert.Contains("optimistic", unknown.Intervals["image_auroc"].Note);
        Assert.Contains(unknown.Footnotes, f => f.Contains("groups unknown"));
    }

    [Fact]
    public void Test_pictures_that_share_a_group_with_training_are_left_out_beside()
    {
        _ = TinySet.Write(_scratch);
        var manifest = File.ReadAllText(_scratch["set/manifest.csv"]).Replace("test/spot/0.png,spot0", "test/spot/0.png,t0");
        File.WriteAllText(_scratch["set/manifest.csv"], manifest);
        var report = Run(ImageDataset.Open(_scratch["set"])).Report;
        Assert.Equal(1, report.WithoutSharedGroups!.ImagesLeftOut);
    }

    [Fact]
    public void A_cross_validated_verifier_never_judges_what_it_was_fitted_on()
    {
        var data = TinySet.Write(_scratch);
        var fitted = new List<IReadOnlyList<DatasetItem>>();
        var result = Evaluator.Run(Request(data, new LineModels(StubModels.Coarse(_scratch.Root), null)) with
        {
            Refit = (items, _) =>
            {
                fitted.Add(items);
                return StubModels.Verifier(_scratch.Root, StubModels.Brightest);
            },
        });
        Assert.Equal(5, result.Report.CrossValidation!.Folds);
        Assert.Equal(24, result.Images.Count);
        Assert.All(data.Test, item => Assert.Equal(4, fitted.Count(f => f.Contains(item))));
        Assert.Equal(result.Report.CrossValidation.FoldImageAuroc.Average(), result.Report.ImageAuroc);
        Assert.NotNull(result.Report.Verifier);
    }

    [Fact]
    public void A_set_without_masks_has_no_pixel_figures_and_says_why()
    {
        _ = TinySet.Write(_scratch);
        Directory.Delete(_scratch["set/ground_truth"], recursive: true);
        var report = Run(ImageDataset.Open(_scratch["set"])).Report;
        Assert.Null(report.PixelAuroc);
        Assert.Null(report.Aupro);
        Assert.Contains(report.Footnotes, f => f.Contains("no pixel masks"));
    }

    [Fact]
    public void A_set_without_test_pictures_is_refused()
    {
        _ = _scratch.File("flat/a.png");
        var data = ImageDataset.Open(_scratch["flat"]);
        Assert.Contains("no test pictures", Assert.Throws<DatasetException>(() => Run(data)).Message);
    }

    private Learning.Evaluating.Evaluation Run(ImageDataset data, LineModels? models = null) =>
        Evaluator.Run(Request(data, models ?? new LineModels(StubModels.Coarse(_scratch.Root), null)));

    private EvaluationRequest Request(ImageDataset data, LineModels models) =>
        new() { Data = data, Models = models, Output = _scratch["out"] };
}
