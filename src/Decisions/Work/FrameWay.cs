using Inspection.Protocol;

namespace Inspection.Decisions.Work;

/// <summary>What is decided about one frame between its capture and its evidence. Pure; stations, dispatchers and workers ask here.</summary>
public static class FrameWay
{
    /// <summary>Rules W1, W6: which worker a frame needs next; null: its way has ended.</summary>
    /// <param name="outcome">Of the view; null while it is under way.</param>
    /// <param name="done">The stage it comes from.</param>
    /// <param name="regions">Candidate regions that the coarse stage found.</param>
    /// <param name="hasVerifier">Whether a verifier looks at candidates.</param>
    public static WorkStage? Next(ViewOutcome? outcome, WorkStage done, int regions, bool hasVerifier) => (outcome, done) switch
    {
        (null, _) => WorkStage.Coarse,
        (ViewOutcome.Scored, WorkStage.Coarse) when regions > 0 && hasVerifier => WorkStage.Verify,
        _ => null,
    };

    /// <summary>Rule W7: work nobody did in time. A candidate that no verifier saw keeps its score and is never OK (null).</summary>
    public static ViewOutcome? GivenUp(WorkStage stage) => stage == WorkStage.Coarse ? ViewOutcome.Shed : null;

    /// <summary>A worker that failed gives no evidence: an outage, not a property of the part. A candidate keeps its score (null).</summary>
    public static ViewOutcome? Failed(WorkStage stage) => stage == WorkStage.Coarse ? ViewOutcome.NoModel : null;
}
