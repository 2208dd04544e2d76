using System.Text;
using Inspection.Vision.Work;
using static Inspection.Learning.Evaluating.Html.Text;

namespace Inspection.Learning.Evaluating.Html;

/// <summary>report.html: one file that needs no network and no script.</summary>
internal static class HtmlReport
{
    public static string Render(EvaluationReport report, IReadOnlyList<EvaluatedImage> images, LineModels models)
    {
        var thresholds = models.Coarse.Manifest.Coarse!;
        using var gallery = new Gallery(images, thresholds.MapWidth, thresholds.MapHeight);
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        _ = page.Append($"<title>Evaluation of {Escape(models.Coarse.Manifest.Name)} on {Escape(report.Data.Name)}</title><style>{Style.Css}</style></head><body><main>")
            .Append(Head(report))
            .Append(Tiles(report))
            .Append(Section("Read this first", Notes(report)))
            .Append(Section("How well scores tell bad from good", $"<div class=\"two\"><div>{Roc(report, images)}</div><div>{Histograms(images, models)}</div></div>"))
            .Append(Section("Figures", Tables.Figures(report) + "<p class=\"quiet\">* see the notes; every figure is defined by the evaluation protocol.</p>"))
            .Append(Section("Confusion at the policy's thresholds", Tables.Confusion(report)))
            .Append(Section("Defect classes", Tables.Classes(report)));
        if (report.Verifier is { } effect)
        {
            _ = page.Append(Section("The verifier", $"<p>{effect.Candidates} of {report.Images} pictures were candidates.</p>{Tables.Verifier(effect)}"));
        }

        if (report.Unreadable.Count > 0)
        {
            _ = page.Append(Section("Pictures that could not be judged", Tables.Problems(report)));
        }

        return page.Append(Section("Worst misses: bad parts that passed", gallery.Misses()))
            .Append(Section("Worst overkill: good parts that did not pass", gallery.Overkill()))
            .Append(Section("Time", Time(report)))
            .Append(Section("Where this comes from", Provenance(report)))
            .Append("</main></body></html>\n").ToString();
    }

    private static string Head(EvaluationReport r) =>
        $"<h1>{Escape(r.Data.Name)}</h1><p class=\"quiet\">{r.Images} test pictures: {r.Data.Good} good in {r.Data.GoodGroups} groups, {r.Data.Bad} bad in {r.Data.BadGroups}. "
        + $"{Escape(string.Join(", ", r.Models.Select(m => $"{m.Stage} model {m.Name}")))}. Figures by {r.Protocol}.</p>";

    private static string Tiles(EvaluationReport r)
    {
        static string Tile(string value, string name) => $"<div class=\"tile\"><b>{value}</b><span>{Escape(name)}</span></div>";
        return "<div class=\"tiles\">"
            + Tile(Number(r.ImageAuroc), "image AUROC")
            + Tile(Percent(r.EscapeRate), "escape rate: bad parts passed")
            + Tile(Percent(r.OverkillRate), "overkill rate: good parts not passed")
            + Tile(Number(r.PixelAuroc), "pixel AUROC")
            + Tile(Number(r.Aupro), "AUPRO")
            + Tile(Milliseconds(r.MsPerImage), r.Ratio is { } ratio ? $"an image, {Number(ratio, "0.00")} times the bare backbone" : "an image on one core")
            + "</div>";
    }

    private static string Notes(EvaluationReport r) => $"<ul>{string.Concat(r.Footnotes.Select(f => $"<li>{Escape(f)}</li>"))}</ul>";

    private static string Roc(EvaluationReport r, IReadOnlyList<EvaluatedImage> images) =>
        RocSvg.Render(ImageFigures.CurveOf([.. images.Where(i => i.IsScored)], i => i.Score), r.OverkillRate, r.EscapeRate)
        + "<p class=\"quiet\">The ring is where the packages work.</p>";

    private static string Histograms(IReadOnlyList<EvaluatedImage> images, LineModels models)
    {
        var thresholds = models.Coarse.Manifest.Coarse!;
        var scored = images.Where(i => float.IsFinite(i.Evidence.CoarseScore)).ToArray();
        var coarse = HistogramSvg.Render(
            "coarse score",
            [.. scored.Where(i => !i.IsBad).Select(i => i.Evidence.CoarseScore)],
            [.. scored.Where(i => i.IsBad).Select(i => i.Evidence.CoarseScore)],
            images.Any(i => i.Evidence.Verifier is not null) ? [("candidate", thresholds.Candidate), ("clear limit", thresholds.ClearLimit)] : [("reject", thresholds.Reject)]);
        var verified = images.Where(i => i.Evidence.Verifier is not null && i.IsScored).ToArray();
        return verified.Length == 0 || verified[0].Evidence.Verifier is null
            ? coarse
            : coarse + HistogramSvg.Render(
                "verifier's defect probability of the candidates",
                [.. verified.Where(i => !i.IsBad).Select(i => i.Score)],
                [.. verified.Where(i => i.IsBad).Select(i => i.Score)],
                models.Verifier?.Manifest.Verifier is { } v ? [("OK below", v.OkProbability), ("NG from", v.NgProbability)] : []);
    }

    private static string Time(EvaluationReport r) =>
        $"<p>Preparation {Milliseconds(r.Timing.PrepareMs)} and session {Milliseconds(r.Timing.SessionMs)}: {Milliseconds(r.MsPerImage)} an image; "
        + $"bare backbone {Milliseconds(r.BackboneMs)} ({Escape(r.Timing.Backbone)}), ratio {Number(r.Ratio, "0.00")}, head {Milliseconds(r.HeadMs)}. "
        + $"Apart: decoding {Milliseconds(r.Timing.DecodeMs)}, alignment {Milliseconds(r.Timing.AlignMs)}, verifier {Milliseconds(r.Timing.VerifyMsPerCandidate)} a candidate.</p>"
        + $"<p class=\"quiet\">{Escape(r.Timing.Note)}; {r.Timing.Images} images.</p>";

    private static string Provenance(EvaluationReport r) =>
        $"<p>Data set <code>{Escape(r.Data.Digest)}</code>. {Escape(r.Data.Groups)}.</p>"
        + string.Concat(r.Models.Select(m => $"<p>{Escape(m.Stage)} model {Escape(m.Name)} <code>{Escape(m.Digest)}</code>, {Escape(m.RuntimeVersions)}, {Escape(m.Provider)}, {Escape(m.CpuClass)}.</p>"))
        + (r.Data.NearDuplicatesAcross.Count == 0 ? "" : $"<p>Look alike across training and test: {Escape(string.Join("; ", r.Data.NearDuplicatesAcross.Take(10)))}{(r.Data.NearDuplicatesAcross.Count > 10 ? " and more (report.json)" : "")}.</p>");

    private static string Section(string title, string body) => $"<section><h2>{Escape(title)}</h2>{body}</section>";
}
