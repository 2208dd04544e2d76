using Inspection.Decisions.Work;
using Inspection.Protocol;

namespace Inspection.Simulation.Plants;

/// <summary>A frame on its way, used again and again as the product's is: the hazards of that are part of the simulation.</summary>
internal sealed class SimTicket(CameraDevice camera)
{
    public CameraDevice Camera => camera;

    public TriggerKey Key { get; private set; }

    public string ExternalId { get; private set; } = "";

    public TimeSpan DeadlineAt { get; private set; }

    /// <summary>The package it is scored with.</summary>
    public Digest Package { get; private set; }

    /// <summary>What its frame shows: the part's number; 0: no frame.</summary>
    public long Shows { get; set; }

    /// <summary>Rises with each use (rule W3).</summary>
    public int Generation { get; private set; }

    public WorkStage Stage { get; set; }

    public ViewOutcome? Outcome { get; private set; }

    public string Detail { get; private set; } = "";

    public float Score { get; private set; }

    public float Ood { get; private set; }

    public PixelBox[] Regions { get; private set; } = [];

    public float[]? Probabilities { get; private set; }

    public InferenceStamp? Coarse { get; private set; }

    public InferenceStamp? Verifier { get; private set; }

    public void Begin(TriggerKey key, string externalId, TimeSpan deadlineAt, Digest package)
    {
        (Key, ExternalId, DeadlineAt, Package, Shows) = (key, externalId, deadlineAt, package, 0);
        (Stage, Outcome, Detail, Score, Ood) = (WorkStage.Coarse, null, "", float.NaN, float.NaN);
        (Regions, Probabilities, Coarse, Verifier) = ([], null, null, null);
        Generation++;
    }

    public void EndWith(ViewOutcome outcome, string detail) => (Outcome, Detail) = (outcome, detail);

    public void Apply(WorkResult result)
    {
        switch (result)
        {
            case WorkResult.Scored x:
                (Outcome, Score, Ood, Coarse, Regions) = (ViewOutcome.Scored, x.Score, x.Ood, x.Stamp, x.Regions);
                break;
            case WorkResult.Looked x:
                (Probabilities, Verifier) = (x.Probabilities, x.Stamp);
                break;
            case WorkResult.Failed x when FrameWay.Failed(Stage) is { } outcome:
                EndWith(outcome, x.Why);
                break;
            default:
                break;
        }
    }

    public ViewEvidence ToEvidence() => new()
    {
        Camera = camera.Id,
        Outcome = Outcome ?? ViewOutcome.Shed,
        Detail = Detail,
        CoarseScore = Score,
        OodScore = Ood,
        Coarse = Coarse,
        Verifier = Verifier,
        Candidates = Regions.Select((r, i) => new CandidateEvidence(r, Score, Probabilities is not null, "dent", Probabilities is { } p ? p[(i * 2) + 1] : 0f)).ToEquatableList(),
    };
}
