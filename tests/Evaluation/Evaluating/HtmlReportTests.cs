using System.Xml.Linq;
using Inspection.Learning.Evaluating;
using Inspection.Vision.Work;
using Xunit;

namespace Inspection.Evaluation.Tests.Evaluating;

public sealed class HtmlReportTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_page_stands_alone_and_shows_curve_histogram_tables_and_the_worst_pictures()
    {
        var data = TinySet.Write(_scratch);
        var result = Evaluator.Run(new EvaluationRequest
        {
            Data = data,
            Models = new LineModels(StubModels.Coarse(_scratch.Root, reject: 0.43f), null),
            Output = _scratch["out"],
        });
        var html = File.ReadAllText(result.ReportHtml);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("ROC curve", html);
        Assert.Contains("Histogram of coarse score", html);
        Assert.Contains("<td>faint</td>", html);
        var misses = result.Images.Count(i => i.IsBad && i.Conclusion.IsOk);
        var overkill = result.Images.Count(i => !i.IsBad && !i.Conclusion.IsOk);
        Assert.True(misses + overkill > 0);
        Assert.Equal(misses + overkill, html.Split("data:image/jpeg;base64,").Length - 1);
        foreach (var svg in html.Split("<svg")[1..])
        {
            // well-formed: a browser forgives, a reader of the source should not have to
            _ = XElement.Parse("<svg" + svg[..(svg.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        }
    }

    [Fact]
    public void Names_cannot_break_out_of_the_page()
    {
        _ = TinySet.Write(_scratch);
        Directory.Move(_scratch["set/test/faint"], _scratch["set/test/<b>faint"]);
        var result = Evaluator.Run(new EvaluationRequest
        {
            Data = Learning.Datasets.ImageDataset.Open(_scratch["set"]),
            Models = new LineModels(StubModels.Coarse(_scratch.Root, reject: 0.9f), null),
            Output = _scratch["out"],
        });
        var html = File.ReadAllText(result.ReportHtml);
        Assert.DoesNotContain("<b>faint", html);
        Assert.Contains("&lt;b&gt;faint", html);
    }
}
