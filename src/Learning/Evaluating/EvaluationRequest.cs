using Inspection.Learning.Datasets;
using Inspection.Vision.Work;

namespace Inspection.Learning.Evaluating;

/// <summary>Fits a verifier on these pictures alone (rule 12): negatives, crops, calibration and early stopping stay inside them.</summary>
public delegate VerifierModel RefitVerifier(IReadOnlyList<DatasetItem> training, int fold);

/// <summary>What to evaluate, on what, and where to put the answer.</summary>
public sealed record EvaluationRequest
{
    public required ImageDataset Data { get; init; }

    /// <summary>The packages, verified at load. With <see cref="Refit"/> the verifier here is not used.</summary>
    public required LineModels Models { get; init; }

    /// <summary>Folder for scores.csv, report.json and report.html; made where it is missing.</summary>
    public required string Output { get; init; }

    /// <summary>Null: the backbone's own time is not measured, and the report says so.</summary>
    public IBackboneTimer? Backbone { get; init; }

    /// <summary>Not null: cross-validates the verifier by group (rules 12 and 13).</summary>
    public RefitVerifier? Refit { get; init; }

    /// <summary>Seeds the bootstrap and the folds.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Told after each picture: how many are done, of how many.</summary>
    public Action<int, int> Progress { get; init; } = static (_, _) => { };
}

/// <summary>The answer, as it was written.</summary>
public sealed record Evaluation(EvaluationReport Report, IReadOnlyList<EvaluatedImage> Images, string ScoresCsv, string ReportJson, string ReportHtml);
