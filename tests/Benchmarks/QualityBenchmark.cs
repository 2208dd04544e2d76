using System.Globalization;
using Inspection.Embedded;
using Inspection.Learning.Datasets;
using Inspection.Learning.Evaluating;
using Inspection.Learning.Fitting;
using Inspection.Vision.Preparing;

namespace Inspection.Benchmarks;

/// <summary>
/// How good the coarse detector is with default options, and what it costs: image AUROC on the test pictures of the shared data sets, mean of
/// five seeds with the spread (<see cref="CoarseSeeds"/>); and from one package, fitted and evaluated by the product, the time of an image over
/// the bare backbone's at 256 x 256 in the same run (shared/evaluation.md). The bounds are the measured recipe's figures less 0.02; the recipe
/// was chosen on these pictures.
/// </summary>
internal static class QualityBenchmark
{
    private const double CostBound = 1.3;

    /// <summary>Two ways to the same score: they may differ by a pair of pictures whose scores are equal but for rounding.</summary>
    private const double SameAuroc = 0.002;

    private static readonly int[] Seeds = [1, 2, 3, 4, 5];

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

        report.Note("AUROC: five coreset seeds, one pass through the backbone; package: seed 1, fitted and evaluated by the product; ratio, head and fit are the package's.");
        report.Note("The recipe was chosen on the test pictures of these sets.");
        return Task.FromResult(report);
    }

    private static void Measure(Report report, Workspace workspace, ImageDataset data, Alignment align, double recipe)
    {
        var name = align == Alignment.None ? data.Name : $"{data.Name} --align {align.ToString().ToLowerInvariant()}";
        var options = new CoarseFitOptions { Alignment = align, Seed = Seeds[0] };
        var package = workspace[$"{data.Name}-{align}"];
        var fitted = CoarseFitter.Fit(data, package, options);
        var models = PackageModels.Load(package, null);
        using var timer = BackboneTimer.For(models.Coarse.Manifest);
        var evaluated = Evaluator.Run(new EvaluationRequest { Data = data, Models = models, Output = workspace[$"report-{data.Name}-{align}"], Backbone = timer }).Report;
        var (byPackage, ratio, head) = (evaluated.ImageAuroc ?? double.NaN, evaluated.Ratio ?? double.NaN, evaluated.HeadMs ?? double.NaN);
        Say($"{name}: package AUROC {byPackage:0.0000}, ratio {ratio:0.00}, head {head:0.0} ms, fit {fitted.TotalTime.TotalSeconds:0} s");
        var auroc = CoarseSeeds.Auroc(data, fitted.Manifest, options, Seeds, (seed, value) => Say($"{name} seed {seed}: AUROC {value:0.0000}"));

        var mean = auroc.Average();
        report.Bound($"{name}: image AUROC", mean, "", string.Create(CultureInfo.InvariantCulture, $"at least {recipe - 0.02:0.000}"), mean >= recipe - 0.02);
        report.Add($"{name}: least of the seeds", auroc.Min(), "");
        report.Add($"{name}: most of the seeds", auroc.Max(), "");
        report.Bound($"{name}: the package's", byPackage, "", "as seed 1's", Math.Abs(byPackage - auroc[0]) <= SameAuroc);
        report.Bound($"{name}: an image over the backbone at 256 x 256", ratio, "", string.Create(CultureInfo.InvariantCulture, $"at most {CostBound:0.0}"), ratio <= CostBound);
        report.Add($"{name}: head", head, "ms");
        report.Add($"{name}: fit", fitted.TotalTime.TotalSeconds, "s");
    }

    private static void Say(FormattableString text) => global::System.Console.Error.WriteLine(text.ToString(CultureInfo.InvariantCulture));

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
