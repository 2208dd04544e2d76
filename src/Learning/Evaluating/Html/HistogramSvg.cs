using System.Text;
using static Inspection.Learning.Evaluating.Html.Text;

namespace Inspection.Learning.Evaluating.Html;

/// <summary>Scores of good parts (above the line) and bad parts (below it) in the same bins, with the thresholds.</summary>
internal static class HistogramSvg
{
    private const int Width = 520;
    private const int Half = 130;
    private const int Left = 44;
    private const int Top = 40;
    private const int Bins = 40;

    public static string Render(string name, IReadOnlyList<float> good, IReadOnlyList<float> bad, IReadOnlyList<(string Name, float Value)> thresholds)
    {
        var finite = thresholds.Where(t => float.IsFinite(t.Value)).OrderBy(t => t.Value).ToArray();
        var all = good.Concat(bad).Concat(finite.Select(t => t.Value)).ToArray();
        if (good.Count + bad.Count == 0)
        {
            return "<p class=\"quiet\">no scores</p>";
        }

        var (low, high) = ((double)all.Min(), (double)all.Max());
        var span = high > low ? high - low : 1;
        var (above, below) = (Count(good, low, span), Count(bad, low, span));
        var most = Math.Max(1, Math.Max(above.Max(), below.Max()));
        var svg = new StringBuilder($"<svg viewBox=\"0 0 {Left + Width + 16} {Top + (2 * Half) + 44}\" role=\"img\" aria-label=\"Histogram of {Escape(name)}\" class=\"chart\">");
        for (var b = 0; b < Bins; b++)
        {
            var x = Left + ((double)Width * b / Bins);
            var (up, down) = ((double)Half * above[b] / most, (double)Half * below[b] / most);
            _ = svg.Append($"<rect class=\"good\" x=\"{At(x)}\" y=\"{At(Top + Half - up)}\" width=\"{At(((double)Width / Bins) - 1)}\" height=\"{At(up)}\"><title>{above[b]} good</title></rect>")
                .Append($"<rect class=\"bad\" x=\"{At(x)}\" y=\"{At(Top + Half)}\" width=\"{At(((double)Width / Bins) - 1)}\" height=\"{At(down)}\"><title>{below[b]} bad</title></rect>");
        }

        _ = svg.Append($"<path class=\"axis\" d=\"M{Left} {Top + Half}H{Left + Width}\"/>");
        for (var tick = 0; tick <= 4; tick++)
        {
            var x = Left + (Width * tick / 4.0);
            _ = svg.Append($"<text x=\"{At(x)}\" y=\"{Top + (2 * Half) + 18}\" text-anchor=\"middle\">{Number(low + (span * tick / 4), "0.###")}</text>");
        }

        for (var t = 0; t < finite.Length; t++)
        {
            // names step down, so that close thresholds stay readable
            var (x, y) = (Left + (Width * (finite[t].Value - low) / span), 10 + (14 * (t % 2)));
            var anchor = x > Left + (Width * 0.8) ? "end" : x < Left + (Width * 0.2) ? "start" : "middle";
            _ = svg.Append($"<path class=\"threshold\" d=\"M{At(x)} {y + 4}V{Top + (2 * Half)}\"/><text x=\"{At(x)}\" y=\"{y}\" text-anchor=\"{anchor}\">{Escape(finite[t].Name)} {Number(finite[t].Value, "0.###")}</text>");
        }

        return svg.Append($"<text class=\"t-good\" x=\"{Left - 8}\" y=\"{Top + Half - 8}\" text-anchor=\"end\">good</text>")
            .Append($"<text class=\"t-bad\" x=\"{Left - 8}\" y=\"{Top + Half + 18}\" text-anchor=\"end\">bad</text>")
            .Append($"<text x=\"{Left + (Width / 2)}\" y=\"{Top + (2 * Half) + 38}\" text-anchor=\"middle\">{Escape(name)}</text></svg>").ToString();
    }

    private static int[] Count(IReadOnlyList<float> scores, double low, double span)
    {
        var bins = new int[Bins];
        foreach (var score in scores)
        {
            bins[Math.Clamp((int)(Bins * (score - low) / span), 0, Bins - 1)]++;
        }

        return bins;
    }
}
