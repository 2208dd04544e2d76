using System.Text;
using Inspection.Learning.Statistics;
using static Inspection.Learning.Evaluating.Html.Text;

namespace Inspection.Learning.Evaluating.Html;

/// <summary>The report's tables.</summary>
internal static class Tables
{
    public static string Confusion(EvaluationReport report) => Table(
        ["label", "images", "groups", "OK", "NG", "Review", "Fallback"],
        report.Confusion.Select(r => new[]
        {
            Cell(r.Label), Cell(r.Images), Cell(r.Groups), Cell(r.Ok, wrong: r.Label != Datasets.DatasetItem.Good && r.Ok > 0),
            Cell(r.Ng, wrong: r.Label == Datasets.DatasetItem.Good && r.Ng > 0), Cell(r.Review), Cell(r.Fallback),
        }));

    public static string Classes(EvaluationReport report) => Table(
        ["class", "images", "groups", "with mask", "AUROC against good", "95 % interval", "escape rate", "NG", "Review"],
        report.PerClass.Select(c => new[]
        {
            Cell(c.Class), Cell(c.Images), Cell(c.Groups), Cell(c.Masks), Cell(Number(c.ImageAuroc)), Interval(c.Interval),
            Cell(Percent(c.EscapeRate)), Cell(Percent(c.NgRate)), Cell(Percent(c.ReviewRate)),
        }));

    public static string Figures(EvaluationReport r)
    {
        List<string[]> rows =
        [
            Row("image AUROC", Number(r.ImageAuroc), r.Intervals["image_auroc"], "a bad part outscores a good one; a tie counts half"),
            Row("of the coarse model alone", Number(r.CoarseImageAuroc), null, r.CrossValidation is null ? "" : "mean over the same folds"),
            Row("average precision", Number(r.AveragePrecision), null, ""),
            Row("escape rate", Percent(r.EscapeRate), r.Intervals["escape_rate"], "bad parts with OK, at the frozen threshold"),
            Row("overkill rate", Percent(r.OverkillRate), r.Intervals["overkill_rate"], "good parts without OK: NG, Review or Fallback"),
            Row("good parts: NG, Review", $"{Percent(r.NgGoodRate)}, {Percent(r.ReviewRateGood)}", null, ""),
            Row("bad parts: Review", Percent(r.ReviewRateBad), null, ""),
            Row("NG: precision, recall", $"{Percent(r.Precision)}, {Percent(r.Recall)}", null, ""),
            Row("pixel AUROC: pooled, mean over images", $"{Number(r.PixelAuroc)}, {Number(r.PixelAurocImageMean)}", null, r.MaskRegions is { } n ? $"{n} regions" : "no masks"),
            Row("AUPRO: to 0.3, to 0.05", $"{Number(r.Aupro)}, {Number(r.Aupro05)}", null, ""),
        ];
        if (r.Oracle is { } o)
        {
            rows.Add(Row("oracle: escapes at 1 % overkill", Percent(o.EscapeAt1.EscapeRate), null, $"{o.EscapeAt1.Reads} good ({o.EscapeAt1.GoodGroups} groups), threshold {Number(o.EscapeAt1.Threshold, "0.####")}"));
            rows.Add(Row("oracle: escapes at 5 % overkill", Percent(o.EscapeAt5.EscapeRate), null, $"{o.EscapeAt5.Reads} good, threshold {Number(o.EscapeAt5.Threshold, "0.####")}"));
            rows.Add(Row("oracle: overkill at 0 escapes", Percent(o.OverkillAt0.OverkillRate), null, $"limited by {string.Join(", ", o.OverkillAt0.LimitedBy.Take(3))}"));
        }

        if (r.EscapeBound is { } b)
        {
            rows.Add(Row("escape rate, upper bound", Percent(b.Upper), null, b.Void.Length > 0 ? b.Void : $"Clopper-Pearson at {b.Confidence:P0} over {b.Groups} defect groups, {b.GroupsWithEscape} with an escape; for this mix of defects"));
        }

        if (r.WithoutSharedGroups is { } s)
        {
            rows.Add(Row("without shared groups: AUROC", Number(s.ImageAuroc), null, Subset(s, "share a group with a training picture")));
        }

        if (r.WithoutSeen is { } w)
        {
            rows.Add(Row("without seen pictures: AUROC", Number(w.ImageAuroc), null, Subset(w, "were seen by a model")));
        }

        return Table(["figure", "value", "95 % interval", ""], rows);
    }

    public static string Verifier(VerifierEffect e) => Table(
        ["what the verifier changed", "good parts", "bad parts"],
        [
            [Cell("NG by the coarse model alone, OK with the verifier"), Cell(e.ClearedGood), Cell(e.ClearedBad, wrong: e.ClearedBad > 0)],
            [Cell("OK by the coarse model alone, not OK with the verifier"), Cell(e.RaisedGood, wrong: e.RaisedGood > 0), Cell(e.RaisedBad)],
            [Cell("coarse model alone: overkill, escapes"), Cell(Percent(e.CoarseAloneOverkillRate)), Cell(Percent(e.CoarseAloneEscapeRate))],
        ]);

    public static string Problems(EvaluationReport report) => Table(
        ["picture", "conclusion", "why"], report.Unreadable.Select(u => new[] { Cell(u.Image), Cell(u.Conclusion), Wrapped(u.Detail) }));

    private static string Subset(SubsetFigures s, string why) =>
        $"{s.ImagesLeftOut} pictures {why}; without them escapes {Percent(s.EscapeRate)}, overkill {Percent(s.OverkillRate)}";

    private static string[] Row(string name, string value, Interval? interval, string note) =>
        [Cell(name), Cell(value), interval is null ? Cell("") : Interval(interval), Wrapped(note)];

    private static string Interval(Interval i) => i is { Low: { } low, High: { } high }
        ? $"<td title=\"{Escape(i.Note)}\">{Number(low)} to {Number(high)}{(i.Note.Length > 0 ? " *" : "")}</td>"
        : $"<td title=\"{Escape(i.Note)}\">{Escape(i.Note.Split(':')[0])}</td>";

    private static string Cell(string text) => $"<td>{Escape(text)}</td>";

    private static string Cell(int number, bool wrong = false) => $"<td{(wrong ? " class=\"wrong\"" : "")}>{number}</td>";

    private static string Wrapped(string text) => $"<td class=\"wrap quiet\">{Escape(text)}</td>";

    private static string Table(IEnumerable<string> head, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
        _ = table.AppendJoin("", head.Select(h => $"<th>{Escape(h)}</th>")).Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            _ = table.Append("<tr>").AppendJoin("", row).Append("</tr>");
        }

        return table.Append("</tbody></table></div>").ToString();
    }
}
