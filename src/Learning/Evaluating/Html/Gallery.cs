using System.Text;
using Inspection.Vision.Imaging;
using static Inspection.Learning.Evaluating.Html.Text;

namespace Inspection.Learning.Evaluating.Html;

/// <summary>The pictures that most need looking at: bad ones that passed, good ones that did not.</summary>
internal sealed class Gallery : IDisposable
{
    private const int Most = 12;

    private readonly ImageDecoder _decoder = new();
    private readonly IReadOnlyList<EvaluatedImage> _images;
    private readonly (int Width, int Height) _map;
    private readonly (float Cold, float Hot) _range;

    public Gallery(IReadOnlyList<EvaluatedImage> images, int mapWidth, int mapHeight)
    {
        (_images, _map) = (images, (mapWidth, mapHeight));
        _range = Range(images);
    }

    /// <summary>Bad parts that passed, the lowest score first.</summary>
    public string Misses() => Render(_images.Where(i => i.IsBad && i.Conclusion.IsOk).OrderBy(i => i.Score), "no bad part passed");

    /// <summary>Good parts that did not pass, the highest score first.</summary>
    public string Overkill() => Render(
        _images.Where(i => !i.IsBad && !i.Conclusion.IsOk && i.Map is not null).OrderByDescending(i => i.Score), "no good part was rejected");

    public void Dispose() => _decoder.Dispose();

    private string Render(IEnumerable<EvaluatedImage> images, string none)
    {
        var all = images.ToArray();
        if (all.Length == 0)
        {
            return $"<p class=\"quiet\">{none}</p>";
        }

        var html = new StringBuilder(all.Length > Most ? $"<p class=\"quiet\">the {Most} worst of {all.Length}</p>" : "");
        _ = html.Append("<div class=\"gallery\">");
        foreach (var image in all.Take(Most))
        {
            var picture = Overlay.DataUri(_decoder, image, _map.Width, _map.Height, _range) is { } uri
                ? $"<img src=\"{uri}\" alt=\"{Escape(image.Item.Path)}, plain and with its heat map\">"
                : "<p class=\"quiet\">the picture cannot be read</p>";
            var kind = image.Conclusion.IsOk ? "ok" : image.Conclusion.Verdict == Protocol.Verdict.Ng ? "ng" : "";
            _ = html.Append($"<figure>{picture}<figcaption><span class=\"badge {kind}\">{image.Conclusion}</span> {Escape(image.Item.Path)}<br>")
                .Append($"<span class=\"quiet\">score {Number(image.Score, "0.####")}; {Escape(image.Reason)}</span></figcaption></figure>");
        }

        return html.Append("</div>").ToString();
    }

    // cold is what half of all cells of good pictures reach, hot what one in two hundred of all cells exceeds
    private static (float Cold, float Hot) Range(IReadOnlyList<EvaluatedImage> images)
    {
        static float[] Cells(IEnumerable<EvaluatedImage> from) => [.. from.SelectMany(i => i.Map ?? []).Where(float.IsFinite).Order()];
        var (good, all) = (Cells(images.Where(i => !i.IsBad)), Cells(images));
        var cold = good.Length > 0 ? good[good.Length / 2] : all.Length > 0 ? all[all.Length / 2] : 0;
        var hot = all.Length > 0 ? all[(int)(0.995 * (all.Length - 1))] : 1;
        return (cold, Math.Max(hot, MathF.BitIncrement(cold)));
    }
}
