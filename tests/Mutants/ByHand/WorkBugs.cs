namespace Inspection.Mutants.Tests.ByHand;

/// <summary>Who does which work: leases, credit, answers, what a broken stream leaves behind.</summary>
internal static class WorkBugs
{
    private const string Leases = "Work/WorkLeases.cs";
    private const string Expiry = "Work/WorkLeases.Expiry.cs";
    private const string Matching = "Work/WorkLeases.Matching.cs";
    private const string Workers = "Work/WorkLeases.Workers.cs";

    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("a worker's lease never expires", Expiry, "if (!held.Expired && held.ExpiresAt <= now)", "if (held.Expired && held.ExpiresAt <= now)", "W2"),
        new("a second answer is taken", Leases, "PieceState.Answered => AnswerOutcome.Duplicate,", "PieceState.Answered => AnswerOutcome.Accepted,", "W2"),
        new("an answer to work given up is taken", Leases, "PieceState.GivenUp => AnswerOutcome.Stale,", "PieceState.GivenUp => AnswerOutcome.Accepted,", "W7"),
        new("one piece more than there are places", Leases, "_live >= _options.Capacity", "_live > _options.Capacity", "P8"),
        new("work in a broken stream's hand is lost", Workers, "Free(held, now);\n        }\n\n        by.Held.Clear();", "_ = held;\n        }\n\n        by.Held.Clear();", "W2"),
        new("an offer costs no credit", Matching, "worker.AddCredit(stage, -1);", "_ = stage;", "W1"),
        new("one worker may hold the whole ring", "Work/LeaseWorker.cs", "return ofRing < Math.Max(1, (int)(slots * options.RingShare));", "return slots > 0;", "W3"),
        new("re-offers have no budget", Matching, "(!piece.NeedsBudget || _budget.Allows(now))", "(!piece.NeedsBudget || _budget.Allows(now) || true)", "W2"),
    ];
}
