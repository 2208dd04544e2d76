using System.Text;
using Inspection.Learning.Statistics;
using static Inspection.Learning.Evaluating.Html.Text;

namespace Inspection.Learning.Evaluating.Html;

/// <summary>The ROC as SVG: share of good parts rejected against share of bad parts found, and the point where the product works.</summary>
internal static class RocSvg
{
    private const int Side = 320;
    private const int Left = 52;
    private const int Top = 12;

    public static string Render(RocCurve curve, double? overkill, double? escape)
    {
        var svg = new StringBuilder();
        _ = svg.Append($"<svg viewBox=\"0 0 {Left + Side + 16} {Top + Side + 48}\" role=\"img\" aria-label=\"ROC curve\" class=\"chart\">");
        for (var tick = 0; tick <= 5; tick++)
        {
            var (x, y) = (Left + (Side * tick / 5.0), Top + Side - (Side * tick / 5.0));
            _ = svg.Append($"<path class=\"grid\" d=\"M{At(x)} {Top}V{Top + Side}M{Left} {At(y)}H{Left + Side}\"/>")
                .Append($"<text x=\"{At(x)}\" y=\"{Top + Side + 18}\" text-anchor=\"middle\">{20 * tick}</text>")
                .Append($"<text x=\"{Left - 8}\" y=\"{At(y + 4)}\" text-anchor=\"end\">{20 * tick}</text>");
        }

        _ = svg.Append($"<text x=\"{Left + (Side / 2)}\" y=\"{Top + Side + 40}\" text-anchor=\"middle\">good parts rejected, %</text>")
            .Append($"<text transform=\"translate(14 {Top + (Side / 2)}) rotate(-90)\" text-anchor=\"middle\">bad parts found, %</text>")
            .Append($"<path class=\"chance\" d=\"M{Left} {Top + Side}L{Left + Side} {Top}\"/>");
        if (curve.Good > 0 && curve.Bad > 0)
        {
            _ = svg.Append($"<path class=\"roc\" d=\"M{Left} {Top + Side}");
            foreach (var point in curve.Points)
            {
                _ = svg.Append($"L{At(X((double)point.FalseAlarms / curve.Good))} {At(Y((double)point.Hits / curve.Bad))}");
            }

            _ = svg.Append("\"/>");
        }

        if (overkill is { } o && escape is { } e)
        {
            _ = svg.Append($"<circle class=\"works\" cx=\"{At(X(o))}\" cy=\"{At(Y(1 - e))}\" r=\"6\"><title>where the packages work: overkill {Percent(o)}, escapes {Percent(e)}</title></circle>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static double X(double rate) => Left + (Side * rate);

    private static double Y(double rate) => Top + Side - (Side * rate);
}
