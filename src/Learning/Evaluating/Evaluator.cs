using System.Text.Json;
using Inspection.Learning.Evaluating.Html;

namespace Inspection.Learning.Evaluating;

/// <summary>
/// Judges a data set's test pictures with the product's own parts and policy, and writes scores.csv, report.json and report.html.
/// One thread, so that times are of one core.
/// </summary>
public static class Evaluator
{
    /// <exception cref="Datasets.DatasetException">The data set has no test pictures.</exception>
    /// <exception cref="IOException">The answer cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is written.</exception>
    public static Evaluation Run(EvaluationRequest request, CancellationToken cancel = default)
    {
        _ = request.Data.RequireTest();
        var output = Directory.CreateDirectory(request.Output).FullName;
        var run = new TestRun(request);
        var (images, folds) = request.Refit is null ? (run.All(cancel), null) : new FoldedRun(request, run).All(cancel);
        var report = new ReportBuilder(request, run, images, folds).Build();
        var evaluation = new Evaluation(
            report, images, Path.Combine(output, "scores.csv"), Path.Combine(output, "report.json"), Path.Combine(output, "report.html"));
        ScoresCsv.Write(evaluation.ScoresCsv, images);
        File.WriteAllText(evaluation.ReportJson, JsonSerializer.Serialize(report, EvaluationReport.Json) + "\n");
        File.WriteAllText(evaluation.ReportHtml, HtmlReport.Render(report, images, request.Models));
        return evaluation;
    }
}
