namespace Inspection.Mutants.Tests.ByHand;

/// <summary>From scores to a verdict: each of these lets something pass that must not (promise P4).</summary>
internal static class PolicyBugs
{
    private const string View = "Policy/ViewPolicy.cs";
    private const string Part = "Policy/PartPolicy.cs";

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("a candidate that nobody verified is cleared", View, "Conclusion.Decided(Verdict.Review), $\"candidate (coarse score", "Conclusion.Decided(Verdict.Ok), $\"candidate (coarse score", "P4, W7"),
        new("a score that is no number is a good one", View, "if (!float.IsFinite(score) || !float.IsFinite(view.OodScore))", "if (!float.IsFinite(view.OodScore))", "P4"),
        new("an image unlike all others is judged", View, "if (!(view.OodScore < coarse.OodLimit))", "if (float.IsNaN(view.OodScore))", "P4"),
        new("a missing view does not count", Part, "{ Fallback: FallbackReason.Deadline } => 2,", "{ Fallback: FallbackReason.Deadline } => 5,", "P4"),
        new("good views outvote a bad one", Part, "{ Verdict: Verdict.Ng } => 0,", "{ Verdict: Verdict.Ng } => 5,", "P4"),
    ];
}
