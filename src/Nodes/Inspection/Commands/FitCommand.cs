using System.CommandLine;
using System.Globalization;
using Inspection.Console;
using Inspection.Learning.Datasets;
using Inspection.Learning.Fitting;
using Inspection.Vision.Preparing;

namespace Inspection.Commands;

internal static class FitCommand
{
    public static Command Create() => new("fit", "Fits model packages.\n\nExample: inspection fit coarse --data DIR --out models/coarse") { Coarse(), Verifier() };

    private static Command Coarse()
    {
        var defaults = new CoarseFitOptions();
        var data = Shared.Required("--data", "Pictures: train/good (MVTec folders), or good, or just good pictures");
        var to = Shared.Required("--out", "Directory of the package; an earlier one there is replaced");
        var backbone = Shared.Optional("--backbone", "An ONNX file with named feature maps; default: the packaged ResNet-18");
        var align = new Option<string>("--align") { Description = "none: as the part lies; axis: turned by its main axis; auto: axis where the good pictures lie at many angles", DefaultValueFactory = _ => "none" };
        _ = align.AcceptOnlyFromAmong("none", "axis", "auto");
        var seed = new Option<int>("--seed") { Description = "Decides every draw", DefaultValueFactory = _ => defaults.Seed };
        var bank = new Option<int>("--bank") { Description = "Patches kept", DefaultValueFactory = _ => defaults.BankSize };
        var reject = new Option<double>("--reject-rate") { Description = "Share of good parts that may be rejected where no verifier runs", DefaultValueFactory = _ => defaults.RejectRate };
        var candidate = new Option<double>("--candidate-rate") { Description = "Share of good parts that may become candidates for the verifier", DefaultValueFactory = _ => defaults.CandidateRate };
        var calibration = new Option<string>("--calibration") { Description = "cross-fit: uses every picture, approximate; split: the marginal guarantee", DefaultValueFactory = _ => "cross-fit" };
        _ = calibration.AcceptOnlyFromAmong("cross-fit", "split");
        var noFlips = new Option<bool>("--no-flips") { Description = "For products where a mirrored part is a defect" };
        var json = Shared.Json();
        var command = new Command("coarse", "Fits the coarse detector from good pictures only.\n\nExample: inspection fit coarse --data pictures --out models/coarse --align auto")
        {
            data, to, backbone, align, seed, bank, reject, candidate, calibration, noFlips, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var set = ImageDataset.Open(parsed.GetRequiredValue(data));
                var options = new CoarseFitOptions
                {
                    BackboneFile = parsed.GetValue(backbone),
                    Alignment = Alignments.Choose(parsed.GetValue(align)!, set, output),
                    Seed = parsed.GetValue(seed),
                    BankSize = parsed.GetValue(bank),
                    RejectRate = parsed.GetValue(reject),
                    CandidateRate = parsed.GetValue(candidate),
                    Calibration = parsed.GetValue(calibration) == "split" ? CalibrationMethod.Split : CalibrationMethod.CrossFit,
                    Flips = !parsed.GetValue(noFlips),
                };
                var result = FitProgressView.Run(output, "fit coarse", progress => CoarseFitter.Fit(set, parsed.GetRequiredValue(to), options, progress: progress), cancel);
                Print(output, result);
                output.Answer(new
                {
                    package = result.Directory,
                    images = result.Images,
                    unreadable = result.Unreadable,
                    bank = result.BankSize,
                    align = options.Alignment,
                    backbone_ms = result.BackboneMilliseconds,
                    model_ms = result.ModelMilliseconds,
                    head_ms = result.HeadMilliseconds,
                    thresholds = result.Manifest.Coarse,
                    claims = result.Claims,
                    seconds = result.TotalTime.TotalSeconds,
                });
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }

    internal static void Print(Output output, CoarseFitResult r)
    {
        output.Line(Invariant($"coarse package {r.Directory}: {r.Images} good pictures, bank of {r.BankSize} patches, {r.Manifest.Preparation.Width} x {r.Manifest.Preparation.Height}, fitted in {r.TotalTime.TotalSeconds:0.0} s (features {r.FeatureTime.TotalSeconds:0.0}, banks {r.BankTime.TotalSeconds:0.0})"));
        output.Line(Invariant($"one core: backbone at 256 x 256 {r.BackboneMilliseconds:0.0} ms; this model {r.ModelMilliseconds:0.0} ms, of it head {r.HeadMilliseconds:0.0} ms; ratio {r.ModelMilliseconds / r.BackboneMilliseconds:0.00}"));
        foreach (var claim in r.Claims)
        {
            output.Line(claim);
        }

        foreach (var unreadable in r.Unreadable)
        {
            output.Line($"left out: {unreadable}");
        }
    }

    private static Command Verifier()
    {
        var defaults = new VerifierFitOptions();
        var data = Shared.Required("--data", "Good pictures in train/good; labelled defects in train/CLASS, else test/CLASS");
        var from = Shared.Optional("--from", "Another data set to take the labelled defects from, so that --data's test pictures stay unseen");
        var coarse = Shared.Required("--coarse", "The coarse package whose candidates it will look at");
        var to = Shared.Required("--out", "Directory of the package; an earlier one there is replaced");
        var backbone = Shared.Optional("--backbone", "An ONNX file with named feature maps; default: the packaged ResNet-18");
        var seed = new Option<int>("--seed") { Description = "Decides every draw", DefaultValueFactory = _ => defaults.Seed };
        var json = Shared.Json();
        var command = new Command("verifier", "Fits the verifier on labelled defects, cross-validated by group.\n\nExample: inspection fit verifier --data pictures --coarse models/coarse --out models/verifier")
        {
            data, from, coarse, to, backbone, seed, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var set = ImageDataset.Open(parsed.GetRequiredValue(data));
                var defects = parsed.GetValue(from) is { } other ? ImageDataset.Open(other) : null;
                var options = new VerifierFitOptions { BackboneFile = parsed.GetValue(backbone), Seed = parsed.GetValue(seed) };
                var result = FitProgressView.Run(output, "fit verifier", progress =>
                    VerifierFitter.Fit(set, defects, parsed.GetRequiredValue(coarse), parsed.GetRequiredValue(to), options, progress: progress), cancel);
                Print(output, result);
                output.Answer(new
                {
                    package = result.Directory,
                    crops = result.Crops,
                    synthetic_crops = result.SyntheticCrops,
                    defects_from = result.DefectSource,
                    cross_validated_auroc = result.CrossValidatedAuroc,
                    folds = result.Folds,
                    thresholds = result.Manifest.Verifier,
                    claims = result.Claims,
                    seconds = result.TotalTime.TotalSeconds,
                });
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }

    internal static void Print(Output output, VerifierFitResult r)
    {
        output.Line(Invariant($"verifier package {r.Directory}: crops {string.Join(", ", r.Crops.Select(c => Invariant($"{c.Key} {c.Value}")))}, {r.SyntheticCrops} synthetic; defects from {r.DefectSource}; fitted in {r.TotalTime.TotalSeconds:0.0} s"));
        output.Line(Invariant($"cross-validated by group: AUROC {r.CrossValidatedAuroc:0.000} ({r.Folds}); NG from probability {r.Manifest.Verifier!.NgProbability:0.###}, OK below {r.Manifest.Verifier.OkProbability:0.###}"));
        foreach (var claim in r.Claims)
        {
            output.Line(claim);
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
