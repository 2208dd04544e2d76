using System.Globalization;
using Inspection.Commands;
using Inspection.Console;
using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Nodes.Hosting.Plants;
using Inspection.Vision.Cameras.Synthetic;

namespace Inspection.Embedded;

/// <param name="Rate">Parts a second and line: each is seen by every camera.</param>
internal sealed record DemoOptions(TimeSpan Streaming, int Lines, int Cameras, double Rate, int Port, string Folder);

/// <summary>
/// The whole story on drawn parts, with nothing but this program: a data set, both models fitted on it, lines that run at a real pace with a
/// gate behind each, and the report.
/// </summary>
internal static class Demo
{
    private const int GoodPictures = 60;
    private const int TestGood = 20;
    private const int PicturesPerDefect = 12;
    private const int PictureSide = 256;
    private const int ModelPixels = 160 * 160;
    private const double DefectRate = 0.15;
    private const int TrainingSeed = 7;

    public static async Task<(RunReport Report, string PlantFile)> RunAsync(DemoOptions options, Output output, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(options.Folder).FullName;
        var data = Path.Combine(folder, "data");
        output.Line($"1. drawing {GoodPictures + TestGood} good and some defective parts into {data}");
        SyntheticDataset.Write(data, new SyntheticOptions { Width = PictureSide, Height = PictureSide, Seed = TrainingSeed, Cameras = options.Cameras }, GoodPictures, TestGood, PicturesPerDefect);
        var set = ImageDataset.Open(data);
        output.Line("2. fitting the coarse detector on the good ones");
        var coarse = Path.Combine(folder, "models", "coarse");
        FitCommand.Print(output, FitProgressView.Run(output, "fit coarse", progress => CoarseFitter.Fit(
            set, coarse, new CoarseFitOptions { Name = "demo-coarse", Pixels = ModelPixels, BankSize = 1_000, CandidatePatches = 10_000, RejectRate = 0.02, CandidateRate = 0.10 }, progress: progress), cancel));
        output.Line("3. fitting the verifier on the defective ones");
        var verifier = Path.Combine(folder, "models", "verifier");
        FitCommand.Print(output, FitProgressView.Run(output, "fit verifier", progress => VerifierFitter.Fit(
            set, null, coarse, verifier, new VerifierFitOptions { Name = "demo-verifier", MissRate = 0.05 }, progress: progress), cancel));
        var plantFile = Path.Combine(folder, "plant.yaml");
        await File.WriteAllTextAsync(plantFile, PlantText(options), cancel);
        output.Line(string.Create(CultureInfo.InvariantCulture, $"4. running {options.Lines} lines with {options.Cameras} cameras each, {options.Rate:0.##} parts/s a line, for {options.Streaming.TotalSeconds:0} s"));
        var report = await PlantRun.RunAsync(PlantReader.Read(plantFile), options.Streaming, options.Port, output, cancel);
        return (report, plantFile);
    }

    private static string PlantText(DemoOptions options) => PlantTemplate.Write(
        "demo",
        "Written by `inspection demo`. Change it and run it again: inspection run --plant plant.yaml --seconds 20",
        [.. Enumerable.Range(1, options.Lines).Select(line => new PlantTemplateLine(
            $"line{line}",
            "drawn-part",
            "models/coarse",
            "models/verifier",
            string.Create(CultureInfo.InvariantCulture, $"{options.Rate:0.##}/s"),
            "8 s",
            [.. Enumerable.Range(1, options.Cameras).Select(camera => ($"camera{camera}", new[]
            {
                string.Create(CultureInfo.InvariantCulture, $"synthetic: {{ seed: {100 + line}, width: {PictureSide}, height: {PictureSide}, defect_rate: {DefectRate} }}"),
            }))]))]);
}
