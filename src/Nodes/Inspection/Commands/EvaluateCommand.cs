using System.CommandLine;
using Inspection.Console;
using Inspection.Embedded;
using Inspection.Learning.Backbones;
using Inspection.Learning.Datasets;
using Inspection.Learning.Evaluating;
using Inspection.Learning.Fitting;
using Inspection.Protocol;
using Inspection.Vision.Inference;
using Inspection.Vision.Models;

namespace Inspection.Commands;

internal static class EvaluateCommand
{
    public static Command Create()
    {
        var package = Shared.Required("--package", "The coarse package");
        var verifier = Shared.Optional("--verifier", "A verifier package, for both stages together");
        var data = Shared.Required("--data", "A data set with test pictures in folders by label");
        var to = Shared.Required("--out", "Folder for scores.csv, report.json and report.html");
        var backbone = Shared.Optional("--backbone", "The backbone file the package was fitted with, where it is not the packaged one: the yardstick of ms per image");
        var cv = Shared.Optional("--cv", "group: fit the verifier again in five folds by group and judge each picture by a verifier that has not seen its group");
        _ = cv.AcceptOnlyFromAmong("group");
        var json = Shared.Json();
        var command = new Command("evaluate", "Judges labelled pictures with the product's own parts and reports how good that is.\n\nExample: inspection evaluate --package models/coarse --data pictures --out report")
        {
            package, verifier, data, to, backbone, cv, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var output = new Output(parsed.GetValue(json));
            return Failures.GuardAsync(output, () =>
            {
                var set = ImageDataset.Open(parsed.GetRequiredValue(data));
                _ = set.RequireTest();
                var models = PackageModels.Load(parsed.GetRequiredValue(package), parsed.GetValue(verifier));
                using var timer = BackboneTimer.For(models.Coarse.Manifest, parsed.GetValue(backbone));
                var evaluation = FitProgressView.Run(output, "evaluate", progress => Evaluator.Run(
                    new EvaluationRequest
                    {
                        Data = set,
                        Models = models,
                        Output = parsed.GetRequiredValue(to),
                        Backbone = timer,
                        Refit = parsed.GetValue(cv) is null ? null : Refit(parsed.GetRequiredValue(package), set.Name, parsed.GetRequiredValue(to)),
                        Progress = (done, total) => progress.Report(new FitProgress("pictures", done, total)),
                    },
                    cancel), cancel);
                EvaluationSummary.Print(output, evaluation);
                output.AnswerText(File.ReadAllText(evaluation.ReportJson));
                return Task.FromResult(ExitCodes.Good);
            });
        });
        return command;
    }

    /// <summary>A verifier fitted on the training folds alone (rule 12 of shared/evaluation.md), in a folder of its own below the report's.</summary>
    private static RefitVerifier Refit(string coarse, string name, string output) => (training, fold) =>
    {
        var folder = Path.Combine(output, "folds", fold.ToString(System.Globalization.CultureInfo.InvariantCulture));
        _ = VerifierFitter.FitOn(training, $"{name}-fold{fold}", $"the training folds of fold {fold}", coarse, folder, new VerifierFitOptions());
        return PackageModels.Verifier(PackageModels.Open(folder, ModelStage.Verifier, new PackageLoadOptions { RequireSignature = false }), new InferenceOptions());
    };
}
