namespace Inspection.Mutants.Tests.ByHand;

/// <summary>The gate's mind: what may pass, and what is told of it.</summary>
internal static class GateBugs
{
    private const string Gate = "Gate/GateCore.cs";
    private const string Control = "Gate/GateControl.cs";

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("no purge after a start", Gate, "_purgeUntil = options.Transport == Transport.Conveyor ? now + options.Travel : now;", "_purgeUntil = now;", "G3"),
        new("passes without a lease", Gate, "_ when !mayPass =>", "_ when !mayPass && !known =>", "L3, G1"),
        new("an indexed part passes without a lease", Gate, "(mayPass || !known.IsOk)", "(mayPass || known.IsOk)", "L3"),
        new("passes however late", Gate, "_ when now - part.ArrivesAt > options.PassWindow =>", "_ when now < part.ArrivesAt =>", "G1"),
        new("passes what a person shall look at", Gate, "(known, conclusion.IsOk) switch", "(known, conclusion.IsOk || conclusion.Verdict == Verdict.Review) switch", "P3, P4"),
        new("takes the next part's verdict", Gate, "_committed.Remove(part.Counter, out var conclusion)", "_committed.Remove(part.Counter + 1, out var conclusion)", "P3"),
        new("keeps verdicts of parts that are gone", Gate, "key.Epoch == _epoch && key.Counter > _actedUpTo", "key.Epoch == _epoch", "P8"),
        new("passes while the interlock has stopped the line", Control, "if (act.Pass && IsHalted)", "if (!act.Pass && IsHalted)", "G4"),
        new("no answer of the ejector counts as diverted", Control, "_core.Did(first.Passed ?? true);", "_core.Did(first.Passed ?? false);", "G5"),
        new("acts of the last epoch are reported in the new one", Control, "_asked.Clear();", "_ = acts;", "J4"),
        new("acts of another epoch count as recorded", Gate, "if (epoch != _epoch || nextExpected <= _reportFrom)", "if (nextExpected <= _reportFrom)", "J4, G5"),
    ];
}
