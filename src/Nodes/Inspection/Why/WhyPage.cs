using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Inspection.Audit.Asking;
using Inspection.Protocol;

namespace Inspection.Why;

/// <summary>A part's story as one HTML file that needs nothing else: no script, no address. Everything from outside is escaped.</summary>
internal static class WhyPage
{
    private const string Head = """
        <!doctype html><html lang="en"><head><meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <style>
        body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
        table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid #bbb;padding:.2rem .6rem;text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
        .verdict{font-size:1.6rem;font-weight:600}.pictures{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0;max-width:30rem}svg{max-width:100%;height:auto;background:#000}
        .bar{position:relative;width:16rem;height:.8rem;background:#eee}.bar i{position:absolute;top:0;bottom:0;left:0;background:#5b8db8}.bar b{position:absolute;top:-3px;bottom:-3px;width:2px;background:#b00}
        .note{color:#555}
        </style>
        """;

    public static string Write(PartStory story, IReadOnlyList<string> words, IReadOnlyDictionary<CameraId, ViewPictures> pictures, string source, string situation)
    {
        var html = new StringBuilder(Head);
        _ = html.Append(CultureInfo.InvariantCulture, $"<title>Part {Text(story.Part)}</title></head><body><h1>Part {Text(story.Part)}</h1><p class=\"verdict\">{Text(story.Conclusion)}{Reviewed(story)}</p>\n<ul>");
        foreach (var sentence in words)
        {
            _ = html.Append(CultureInfo.InvariantCulture, $"<li>{Text(sentence)}</li>\n");
        }

        _ = html.Append("</ul>\n");
        foreach (var view in story.Concluded?.Views ?? [])
        {
            View(html, story, view, pictures.GetValueOrDefault(view.Camera) ?? ViewPictures.None("no picture"));
        }

        Models(html, story);
        return html.Append(CultureInfo.InvariantCulture, $"<h2>What was in force</h2><pre>{Text(situation)}</pre>\n<p class=\"note\">From {Text(source)}. The line's chain was checked from its first record to record {story.End.Sequence}, whose hash is {Text(story.End.Hash)}. Whether that history is the one that was signed, `inspection audit verify` says.</p></body></html>\n").ToString();
    }

    private static string Reviewed(PartStory story) => story.Reviews.LastOrDefault() is { } last ? $" <span class=\"note\">reviewed: {Text(Conclusion.Decided(last.After))} by {Text(last.By)}</span>" : "";

    private static void View(StringBuilder html, PartStory story, ViewEvidence view, ViewPictures pictures)
    {
        _ = html.Append(CultureInfo.InvariantCulture, $"<h2>Camera {Text(view.Camera)}: {Text(view.Outcome)}</h2>\n<p>{Text(view.Detail)}</p>");
        if (view.Coarse is { } coarse && story.PolicyOf(coarse.ModelDigest) is { } policy)
        {
            _ = html.Append("<table><tr><th>score</th><th>value</th><th>threshold</th><th></th></tr>");
            foreach (var (name, threshold) in new[] { ("candidate", policy.Candidate), ("reject (without a verifier)", policy.Reject), ("clear limit (a verifier clears only below)", policy.ClearLimit) })
            {
                Score(html, $"coarse against {name}", view.CoarseScore, threshold);
            }

            Score(html, "out of distribution against its limit", view.OodScore, policy.OodLimit);
            foreach (var (candidate, number) in view.Candidates.Select((c, i) => (c, i + 1)))
            {
                var verifier = view.Verifier is { } v ? story.PolicyOf(v.ModelDigest) : null;
                Score(html, $"candidate {number}: {(candidate.Verified ? candidate.DefectClass : "not verified")}, defect probability against NG", candidate.DefectProbability, verifier?.NgProbability ?? float.NaN);
                Score(html, $"candidate {number}: against OK (cleared below)", candidate.DefectProbability, verifier?.OkProbability ?? float.NaN);
            }

            _ = html.Append(CultureInfo.InvariantCulture, $"</table><p class=\"note\">A score within {Number(policy.Tolerance)} of a threshold is in doubt, never OK. Computed by {Text(coarse.Provider)} on {Text(coarse.CpuClass)}, {Text(coarse.RuntimeVersions)}.</p>\n");
        }

        Pictures(html, view, pictures);
    }

    private static void Score(StringBuilder html, string name, float value, float threshold)
    {
        var bar = float.IsFinite(value) && float.IsFinite(threshold) && threshold > 0
            ? string.Create(CultureInfo.InvariantCulture, $"<div class=\"bar\"><i style=\"width:{Math.Clamp(50 * value / threshold, 0, 100):0.0}%\"></i><b style=\"left:50%\"></b></div>")
            : "";
        _ = html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(name)}</td><td class=\"n\">{Number(value)}</td><td class=\"n\">{Number(threshold)}</td><td>{bar}</td></tr>\n");
    }

    private static void Pictures(StringBuilder html, ViewEvidence view, ViewPictures pictures)
    {
        if (pictures.Frame is null)
        {
            _ = html.Append(CultureInfo.InvariantCulture, $"<p>No picture: {Text(pictures.Without)}</p>\n");
            return;
        }

        var image = string.Create(CultureInfo.InvariantCulture, $"<image href=\"data:image/png;base64,{Convert.ToBase64String(pictures.Frame)}\" width=\"{pictures.Width}\" height=\"{pictures.Height}\"/>");
        var boxes = string.Concat(view.Candidates.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{c.Box.X}\" y=\"{c.Box.Y}\" width=\"{c.Box.Width}\" height=\"{c.Box.Height}\" fill=\"none\" stroke=\"#ff3030\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"><title>candidate {i + 1}</title></rect>")));
        var whole = string.Create(CultureInfo.InvariantCulture, $"0 0 {pictures.Width} {pictures.Height}");
        _ = html.Append(CultureInfo.InvariantCulture, $"<div class=\"pictures\"><figure><svg viewBox=\"{whole}\" width=\"480\">{image}{boxes}</svg><figcaption>the frame as the model saw it (masked regions black), with its candidates</figcaption></figure>\n");
        _ = pictures.Heat is { } heat
            ? html.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"{whole}\" width=\"480\">{image}<image href=\"data:image/png;base64,{Convert.ToBase64String(heat)}\" width=\"{HeatSide(heat, 16)}\" height=\"{HeatSide(heat, 20)}\" preserveAspectRatio=\"none\" transform=\"{pictures.HeatMatrix}\" opacity=\"0.55\"/></svg><figcaption>heat map: where the coarse model sees what good parts do not have, computed again from the archived frame</figcaption></figure>\n")
            : html.Append(CultureInfo.InvariantCulture, $"<figure><p class=\"note\">No heat map: {Text(pictures.WithoutHeat)}</p></figure>\n");
        foreach (var (candidate, number) in view.Candidates.Select((c, i) => (c, i + 1)))
        {
            _ = html.Append(CultureInfo.InvariantCulture, $"<figure><svg viewBox=\"{candidate.Box.X} {candidate.Box.Y} {candidate.Box.Width} {candidate.Box.Height}\" width=\"220\">{image}</svg><figcaption>candidate {number}{(candidate.Verified ? $": {Text(candidate.DefectClass)}, {Number(candidate.DefectProbability)}" : ": not verified")}</figcaption></figure>\n");
        }

        _ = html.Append("</div>\n");
    }

    // width and height stand in a PNG's header, big-endian
    private static int HeatSide(byte[] png, int at) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));

    private static void Models(StringBuilder html, PartStory story)
    {
        var used = story.Concluded?.Views.SelectMany(v => new[] { v.Coarse?.ModelDigest, v.Verifier?.ModelDigest }).OfType<Digest>().ToHashSet() ?? [];
        foreach (var record in story.ModelRecords.Where(r => used.Contains(((ModelActivated)r.Event).Policy.ModelDigest)).GroupBy(r => ((ModelActivated)r.Event).Policy.ModelDigest).Select(g => g.Last()))
        {
            var e = (ModelActivated)record.Event;
            _ = html.Append(CultureInfo.InvariantCulture, $"<h2>{Text(e.Policy.Stage)} model {Text(e.PackageName)}</h2><p>{(e.Approval == ModelActivated.SelfApproved ? "<strong>SELF-APPROVED</strong>: nobody but the plant itself approved it" : $"approval {Text(e.Approval)}")}; signed by {Text(e.SignatureId)}; activated {Text(PartWords.Time(record.Utc))} by {Text(e.By)}, because: {Text(e.Why)} (record {record.Sequence}).</p><p>model {Text(e.Policy.ModelDigest)}<br>thresholds {Text(e.Policy.ThresholdsDigest)}<br>calibration {Text(e.Policy.CalibrationDigest)}</p><table><tr><th>lineage</th><th></th></tr>");
            foreach (var (key, value) in Lineage(e.Manifest))
            {
                _ = html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(key)}</td><td>{Text(value)}</td></tr>\n");
            }

            _ = html.Append("</table>\n");
        }
    }

    private static IEnumerable<(string Key, string Value)> Lineage(string manifest)
    {
        try
        {
            using var json = JsonDocument.Parse(manifest);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("lineage", out var lineage) && lineage.ValueKind == JsonValueKind.Object
                ? [.. lineage.EnumerateObject().Select(p => (p.Name, p.Value.ToString()))]
                : [("lineage", "its package.json says nothing of it")];
        }
        catch (JsonException e)
        {
            return [("lineage", $"its package.json is no JSON: {e.Message}")];
        }
    }

    private static string Number(float value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Text(object? value) => WebUtility.HtmlEncode(string.Create(CultureInfo.InvariantCulture, $"{value}"));
}
