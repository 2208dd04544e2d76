using Inspection.Protocol;

namespace Inspection.Audit.Replaying;

/// <summary>
/// Promise P6, R0: all that a verdict is derived from, and nothing of the verdict itself. The replay is given only this.
/// </summary>
/// <param name="Views">The views that answered, with their raw scores.</param>
/// <param name="Elapsed">From the trigger to the conclusion: without it a missing view could not be told from an early conclusion.</param>
public sealed record ReplayInput(TriggerKey Key, EquatableList<ViewEvidence> Views, TimeSpan Deadline, TimeSpan Elapsed);

/// <summary>What was decided: looked at only to compare.</summary>
internal sealed record RecordedVerdict(Conclusion Conclusion, Disposition Disposition, string DefectClass, float Margin, string Reason)
{
    /// <summary>Takes a record apart, once, into what goes in and what must come out.</summary>
    public static (ReplayInput Input, RecordedVerdict Recorded) Split(PartConcluded e) => (
        new ReplayInput(e.Key, e.Views, e.Deadline, e.Elapsed),
        new RecordedVerdict(e.Conclusion, e.Disposition, e.DefectClass, e.NearMissMargin, e.Reason));
}
