using System.Globalization;
using Inspection.Console;
using Inspection.Learning.Evaluating;

namespace Inspection.Commands;

/// <summary>The figures a person asks for first; the rest is in the report.</summary>
internal static class EvaluationSummary
{
    public static void Print(Output output, Evaluation evaluation)
    {
        var r = evaluation.Report;
        output.Line(Invariant($"{r.Images} test pictures of {r.Data.Name} ({r.Data.Good} good, {r.Data.Bad} bad; {r.Unreadable.Count} unreadable), {r.Protocol}"));
        output.Line(Invariant($"image AUROC {Text(r.ImageAuroc)}   pixel AUROC {Text(r.PixelAuroc)}   AUPRO {Text(r.Aupro)}"));
        output.Line(Invariant($"at the frozen threshold: escape rate {Text(r.EscapeRate)}   overkill rate {Text(r.OverkillRate)}   (NG of good {Text(r.NgGoodRate)}, Review of good {Text(r.ReviewRateGood)}, of bad {Text(r.ReviewRateBad)})"));
        output.Line(Invariant($"one core: {Text(r.MsPerImage)} ms an image, backbone at 256 x 256 {Text(r.BackboneMs)} ms, ratio {Text(r.Ratio)}, head {Text(r.HeadMs)} ms"));
        output.Line();
        output.Line("label                     images     OK     NG  Review  Fallback");
        foreach (var row in r.Confusion)
        {
            output.Line(Invariant($"{row.Label,-24}{row.Images,8}{row.Ok,7}{row.Ng,7}{row.Review,8}{row.Fallback,10}"));
        }

        output.Line();
        foreach (var note in r.Footnotes)
        {
            output.Line($"- {note}");
        }

        output.Line($"report: {evaluation.ReportHtml}");
    }

    private static string Text(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "-";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
