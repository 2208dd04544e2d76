using Inspection.Simulation.Faults;

namespace Inspection.Simulation;

/// <summary>How one seed ended.</summary>
/// <param name="Seed">Which.</param>
/// <param name="TraceHash">Equal for every run of the same seed by the same program.</param>
/// <param name="Violation">The first promise or rule that broke, and where; null where all held.</param>
/// <param name="Accepted">Parts covered by the journal.</param>
/// <param name="Decided">Of them with a verdict.</param>
/// <param name="Fallback">Of them without.</param>
/// <param name="Passed">Parts that the ejectors passed.</param>
/// <param name="UnknownTail">Parts that were stamped, and that no journal ever heard of: they diverted, and their epochs say so.</param>
/// <param name="Steps">Things that happened.</param>
/// <param name="Fired">How often each fault fired.</param>
/// <param name="HitOpen">How often it did while a part was open.</param>
public sealed record SeedReport(
    long Seed,
    ulong TraceHash,
    string? Violation,
    long Accepted,
    long Decided,
    long Fallback,
    long Passed,
    long UnknownTail,
    long Steps,
    IReadOnlyList<long> Fired,
    IReadOnlyList<long> HitOpen)
{
    public static IReadOnlyList<Fault> Faults { get; } = Enum.GetValues<Fault>();
}
