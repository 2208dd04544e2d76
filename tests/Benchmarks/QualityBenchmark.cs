using System.Globalization;
using Inspection.Embedded;
using Inspection.Learning.Datasets;
using Inspection.Learning.Evaluating;
using Inspection.Learning.Fitting;
using Inspection.Vision.Preparing;

namespace Inspection.Benchmarks;

/// <summary>
/// How good the coarse detector is with default options, and what it costs: image AUROC on the test pictures of the shared data sets, mean of
/// five seeds with the spread, and the time of an image over the bare backbone's at 256 x 256 in the same run (shared/evaluation.md). The
/// bounds are the measured recipe's figures less 0.02; the recipe was chosen on these pictures.
/// </summary>
internal static class QualityBenchmark
{
    private const int Seeds = 5;
    private const double CostBound = 1.3;

    private static readonly (string Set, Alignment Align, double Recipe)[] Cases =
    [
        ("magnetic_tile", Alignment.None, 0.872),
        ("screw", Alignment.None, 0.78),
        ("screw", Alignment.Axis, 0.96),
        ("solar_mono", Alignment.None, 0.935),
    ];

    public static Task<Report> RunAsync()
    {
        var report = new Report("Coarse detection with default options (image AUROC, cost)", "./dev bench quality");
        var shared = SharedFolder();
        using var workspace = new Workspace();
        foreach (var (set, align, recipe) in Cases)
        {
            Measure(report, workspace, ImageDataset.Open(Path.Combine(shared, "data", set)), align, recipe);
        }

        report.Note("AUROC: mean of five coreset seeds; ratio and head: median over the seeds. The recipe was chosen on the test pictures of these sets.");
        return Task.FromResult(report);
    }

    private static void Measure(Report report, Workspace workspace, ImageDataset data, Alignment align, double recipe)
    {
        var name = align == Alignment.None ? data.Name : $"{data.Name} --align {align.ToString().ToLowerInvariant()}";
        var (auroc, ratio, head, fit) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var package = workspace[$"{data.Name}-{align}-{seed}"];
            var fitted = CoarseFitter.Fit(data, package, new CoarseFitOptions { Alignment = align, Seed = seed });
            var models = PackageModels.Load(package, null);
            using var timer = BackboneTimer.For(models.Coarse.Manifest);
            var r = Evaluator.Run(new EvaluationRequest { Data = data, Models = models, Output = workspace[$"report-{data.Name}-{align}-{seed}"], Backbone = timer }).Report;
            auroc.Add(r.ImageAuroc ?? double.NaN);
            ratio.Add(r.Ratio ?? double.NaN);
            head.Add(r.HeadMs ?? double.NaN);
            fit.Add(fitted.TotalTime.TotalSeconds);
            global::System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} seed {seed}: AUROC {auroc[^1]:0.0000}, ratio {ratio[^1]:0.00}, head {head[^1]:0.0} ms, fit {fit[^1]:0} s"));
        }

        var mean = auroc.Average();
        report.Bound($"{name}: image AUROC", mean, "", string.Create(CultureInfo.InvariantCulture, $"at least {recipe - 0.02:0.000}"), mean >= recipe - 0.02);
        report.Add($"{name}: least of the seeds", auroc.Min(), "");
        report.Add($"{name}: most of the seeds", auroc.Max(), "");
        report.Bound($"{name}: an image over the backbone at 256 x 256", Median(ratio), "", string.Create(CultureInfo.InvariantCulture, $"at most {CostBound:0.0}"), Median(ratio) <= CostBound);
        report.Add($"{name}: head", Median(head), "ms");
        report.Add($"{name}: fit", Median(fit), "s");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string SharedFolder()
    {
        if (Environment.GetEnvironmentVariable("INSPECTION_SHARED") is { Length: > 0 } given)
        {
            return given;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Inspection.Actors.sln")))
            {
                return Path.Combine(folder.Parent!.FullName, "shared");
            }
        }

        throw new InvalidOperationException("the shared folder is not found: set INSPECTION_SHARED to it");
    }
}
